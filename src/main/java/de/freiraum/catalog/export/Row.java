package de.freiraum.catalog.export;

import de.freiraum.catalog.Column;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row: an entity as it is, or what was observed of it at one time.
 *
 * @param id the entity's URI
 * @param observedAt when the values were observed: the latest time among those of the current state; null if nothing is observed
 * @param location where it is, or null
 * @param values attributes by IRI
 */
public record Row(
        String id, @Nullable Instant observedAt, @Nullable Geometry location, Map<String, Attribute> values) {

    /** The current state. */
    public static Row of(Entity entity, List<Column> columns) {
        Map<String, Attribute> values = new HashMap<>();
        Instant latest = null;
        for (Column column : columns) {
            Attribute value = column.role() == Column.Role.VALUE ? shown(entity, column.attribute()) : null;
            if (value == null) {
                continue;
            }
            values.put(column.attribute(), value);
            Instant at = value.meta().observedAt();
            if (at != null && (latest == null || at.isAfter(latest))) {
                latest = at;
            }
        }
        return new Row(entity.id(), latest, location(shown(entity, NgsiLd.LOCATION)), values);
    }

    /** The default instance, or the first if there is none. */
    static @Nullable Attribute shown(Entity entity, String attribute) {
        List<Attribute> instances = entity.attribute(attribute);
        Attribute standard = entity.defaultInstance(attribute);
        return standard != null || instances.isEmpty() ? standard : instances.get(0);
    }

    /** The place that a GeoProperty names. */
    static @Nullable Geometry location(@Nullable Attribute attribute) {
        return attribute instanceof Attribute.GeoProperty geo ? geo.value() : null;
    }
}
