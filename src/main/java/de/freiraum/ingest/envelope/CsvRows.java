package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.CsvText;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A table (RFC 4180; comma, semicolon or tab): the first line has the names, each other line is a message. Empty cells are left out. */
public final class CsvRows implements Envelope {
    private final PlainJson rows;

    /** Reads tables whose columns are where that layout says. */
    public CsvRows(PlainJson.Layout layout) {
        this.rows = new PlainJson(layout);
    }

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public List<Uplink> open(RawMessage message) {
        List<CsvText.Row> table = CsvText.parse(new String(message.body(), StandardCharsets.UTF_8));
        if (table.isEmpty()) {
            throw Rejection.broken("the table has no line with the names of its columns");
        }
        List<String> names = table.get(0).fields();
        List<Uplink> uplinks = new ArrayList<>();
        for (CsvText.Row row : table.subList(1, table.size())) {
            if (row.fields().size() != names.size()) {
                throw Rejection.broken("line " + row.line() + " has "
                        + row.fields().size() + " fields; the first line names " + names.size());
            }
            Map<String, Value> values = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                if (!row.fields().get(i).isEmpty()) {
                    values.put(names.get(i), Plain.spelled(row.fields().get(i)));
                }
            }
            uplinks.add(rows.uplink(new Value.Obj(values), message));
        }
        return InOrder.of(uplinks);
    }
}
