package de.freiraum.representation;

import de.freiraum.model.NgsiLdException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which language is wanted of LanguageProperties (clause 4.15).
 *
 * @param ranges language tags or {@code *}, best first
 */
public record LanguageFilter(List<String> ranges) {
    private static final int MAX_RANGES = 50;

    /** Copies the list. */
    public LanguageFilter {
        ranges = List.copyOf(ranges);
    }

    private record Weighted(String range, double weight) {}

    /**
     * Parses the parameter {@code lang}.
     *
     * @param text such as {@code fr-CH,fr;q=0.9,en;q=0.8,*;q=0.5}
     * @throws NgsiLdException BadRequestData
     */
    public static LanguageFilter parse(String text) {
        List<Weighted> found = new ArrayList<>();
        for (String part : text.split(",", MAX_RANGES + 1)) {
            String[] pieces = part.split(";", 2);
            String range = pieces[0].strip();
            if (!range.matches("\\*|@none|[A-Za-z]{1,8}(-[A-Za-z0-9*]{1,8})*")) {
                throw NgsiLdException.badRequest("lang: \"" + Names.clip(range) + "\" is no language tag");
            }
            double weight = pieces.length == 1 ? 1 : weight(pieces[1].strip());
            if (weight > 0) {
                found.add(new Weighted(range, weight));
            }
        }
        found.sort(Comparator.comparingDouble(Weighted::weight).reversed());
        return new LanguageFilter(found.stream().map(Weighted::range).toList());
    }

    private static double weight(String text) {
        if (!text.matches("[qQ]=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
            throw NgsiLdException.badRequest("lang: \"" + Names.clip(text) + "\" is no weight; allowed is q=0 to q=1");
        }
        return Double.parseDouble(text.substring(2));
    }

    /**
     * The tag in a language map that serves best: the first range that one of the map's tags meets, a range also being met by its more
     * general form; otherwise any. The map must not be empty.
     */
    public String choose(Map<String, List<String>> languageMap) {
        for (String range : ranges) {
            if (range.equals("*")) {
                break;
            }
            String tag = lookup(range.toLowerCase(Locale.ROOT), languageMap);
            if (tag != null) {
                return tag;
            }
        }
        return languageMap.containsKey("@none")
                ? "@none"
                : languageMap.keySet().iterator().next();
    }

    private static @org.jspecify.annotations.Nullable String lookup(
            String range, Map<String, List<String>> languageMap) {
        for (String wanted = range; !wanted.isEmpty(); wanted = parent(wanted)) {
            for (String tag : languageMap.keySet()) {
                if (tag.equalsIgnoreCase(wanted)) {
                    return tag;
                }
            }
            for (String tag : languageMap.keySet()) {
                if (tag.toLowerCase(Locale.ROOT).startsWith(wanted + "-")) {
                    return tag;
                }
            }
        }
        return null;
    }

    private static String parent(String tag) {
        int dash = tag.lastIndexOf('-');
        return dash < 0 ? "" : tag.substring(0, dash);
    }
}
