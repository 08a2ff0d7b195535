package de.freiraum.catalog;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A column of a dataset's tables.
 *
 * @param name in the first row
 * @param role what it holds
 * @param attribute IRI of the attribute whose value it holds
 * @param meaning for people; empty if nothing is known
 * @param observed whether its values have a time of observation, so that they have a past
 * @param filled how many entities have a value
 */
public record Column(String name, Role role, String attribute, Text meaning, boolean observed, long filled) {

    /** What a column holds. */
    public enum Role {
        /** The entity's URI. */
        ID,
        /** When the values were observed. */
        OBSERVED_AT,
        /** Latitude of the location. */
        LATITUDE,
        /** Longitude of the location. */
        LONGITUDE,
        /** The value of an attribute. */
        VALUE
    }

    /** Names that are not those of attributes. */
    static final Set<String> SPECIAL = Set.of("id", "observedAt", "lat", "lon");

    /** What the columns mean that the program knows, by name. */
    static final Map<String, Text> MEANINGS = meanings();

    private static Map<String, Text> meanings() {
        Map<String, Text> meanings = new HashMap<>();
        Resources.object("columns.json").members().forEach((name, text) -> meanings.put(name, Text.of(text)));
        return Map.copyOf(meanings);
    }
}
