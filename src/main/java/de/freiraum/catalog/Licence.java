package de.freiraum.catalog;

import de.freiraum.model.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A licence of the German list of licences.
 *
 * @param code such as {@code dl-by-de/2.0}
 * @param name for people
 * @param text where it can be read
 * @param attribution whether the source must be named
 */
public record Licence(String code, String name, String text, boolean attribution) {
    /** What precedes the code in the licence's IRI. */
    public static final String LIST = "http://dcat-ap.de/def/licenses/";

    private static final Map<String, Licence> KNOWN = read();

    /**
     * The licence of a code.
     *
     * @throws IllegalArgumentException naming the codes there are
     */
    public static Licence of(String code) {
        Licence known = KNOWN.get(code.startsWith(LIST) ? code.substring(LIST.length()) : code);
        if (known == null) {
            throw new IllegalArgumentException("licence must be one of " + String.join(", ", KNOWN.keySet()));
        }
        return known;
    }

    /** The IRI. */
    public String iri() {
        return LIST + code;
    }

    private static Map<String, Licence> read() {
        Map<String, Licence> all = new LinkedHashMap<>();
        Value.Obj list = Resources.object("licences.json");
        list.members().forEach((code, value) -> {
            Value.Obj licence = (Value.Obj) value;
            all.put(
                    code,
                    new Licence(
                            code,
                            Resources.text(licence, "name"),
                            Resources.text(licence, "text"),
                            licence.get("attribution") instanceof Value.Bool b && b.truth()));
        });
        return Collections.unmodifiableMap(all);
    }
}
