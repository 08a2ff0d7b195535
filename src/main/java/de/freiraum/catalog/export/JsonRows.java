package de.freiraum.catalog.export;

import de.freiraum.catalog.Column;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Attribute;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Rows as JSON objects with the names of the columns: one on each line (NDJSON), or as Features of a FeatureCollection (RFC 7946). */
final class JsonRows implements RowFormat {
    private final List<Column> columns;
    private final Values values;
    private final boolean features;
    private final JsonWriter json = new JsonWriter();
    private boolean first = true;

    private JsonRows(List<Column> columns, Values values, boolean features) {
        this.columns = columns;
        this.values = values;
        this.features = features;
    }

    static JsonRows lines(List<Column> columns, Values values) {
        return new JsonRows(columns, values, false);
    }

    static JsonRows features(List<Column> columns, Values values) {
        return new JsonRows(columns, values, true);
    }

    @Override
    public void begin(ByteArrayOutputStream out) {
        if (features) {
            ascii(out, "{\"type\":\"FeatureCollection\",\"features\":[");
        }
    }

    @Override
    public void row(ByteArrayOutputStream out, Row row) {
        json.reset();
        if (features) {
            ascii(out, first ? "\n" : ",\n");
            json.beginObject().member("type", "Feature").name("geometry");
            geometry(row);
            // Not the Feature's own id, which must not occur twice, as it would in the past.
            json.name("properties").beginObject().member("id", row.id());
            members(row);
            json.endObject().endObject();
        } else {
            json.beginObject().member("id", row.id());
            members(row);
            if (row.location() != null) {
                json.name("location");
                geometry(row);
            }
            json.endObject();
        }
        out.write(json.buffer(), 0, json.size());
        if (!features) {
            out.write('\n');
        }
        first = false;
    }

    private void geometry(Row row) {
        if (row.location() == null) {
            json.nul();
        } else {
            json.value(row.location().geoJson());
        }
    }

    private void members(Row row) {
        for (Column column : columns) {
            Attribute value = column.role() == Column.Role.VALUE ? row.values().get(column.attribute()) : null;
            if (value != null) {
                json.name(column.name()).value(values.of(value));
            } else if (column.role() == Column.Role.OBSERVED_AT && row.observedAt() != null) {
                json.name(column.name()).time(row.observedAt());
            }
        }
    }

    @Override
    public void end(ByteArrayOutputStream out) {
        if (features) {
            ascii(out, "\n]}\n");
        }
    }

    private static void ascii(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
