package de.freiraum.catalog;

import java.util.Map;

/**
 * How many entities of a type had a value on a day.
 *
 * @param all of all of them
 * @param byPlace of those that belong to a place, by its URI
 */
record ReportingDay(long all, Map<String, Long> byPlace) {
    /** Copies the map. */
    ReportingDay {
        byPlace = Map.copyOf(byPlace);
    }
}
