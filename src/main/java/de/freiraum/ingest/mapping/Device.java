package de.freiraum.ingest.mapping;

import de.freiraum.model.Geometry;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A device as the device list describes it.
 *
 * @param id DevEUI or other id, in lower case
 * @param fields what the list says of it, by column: {@code model}, {@code city}, {@code site}, {@code spot}, {@code counter}, …; none is empty
 * @param location where it is, or null
 * @param origin file and line of the entry
 */
public record Device(
        String id, Map<String, String> fields, @Nullable Geometry location, String origin) {
    /** Copies the fields. */
    public Device {
        fields = Collections.unmodifiableMap(new TreeMap<>(fields));
    }

    /** A field, or null. */
    public @Nullable String field(String name) {
        return fields.get(name);
    }

    /** The same with fields for those it does not have. */
    public Device withDefaults(Map<String, String> defaults) {
        if (fields.keySet().containsAll(defaults.keySet())) {
            return this;
        }
        Map<String, String> all = new HashMap<>(defaults);
        all.putAll(fields);
        return new Device(id, all, location, origin);
    }
}
