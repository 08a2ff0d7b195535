package de.freiraum.formats.ogc;

import de.freiraum.catalog.Column;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.export.Row;
import de.freiraum.catalog.export.Values;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Attribute;

/** Entities as GeoJSON features whose properties are the columns of the dataset's tables (17-069r4, 8.3). */
final class FeatureWriter {
    private final Dataset dataset;
    private final Values values;
    private final JsonWriter json;

    FeatureWriter(Dataset dataset, JsonWriter json) {
        this.dataset = dataset;
        this.values = new Values(dataset.kind().context());
        this.json = json;
    }

    /** Begins the feature; its links may follow before {@link JsonWriter#endObject}. */
    void begin(Row row) {
        json.beginObject().member("type", "Feature").member("id", row.id()).name("geometry");
        if (row.location() == null) {
            json.nul();
        } else {
            json.value(row.location().geoJson());
        }
        json.name("properties").beginObject();
        for (Column column : dataset.columns()) {
            Attribute value = column.role() == Column.Role.VALUE ? row.values().get(column.attribute()) : null;
            if (value != null) {
                json.name(column.name()).value(values.of(value));
            } else if (column.role() == Column.Role.OBSERVED_AT && row.observedAt() != null) {
                json.name(column.name()).time(row.observedAt());
            }
        }
        json.endObject();
    }
}
