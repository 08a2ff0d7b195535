package de.freiraum.catalog.export;

import de.freiraum.catalog.Column;
import de.freiraum.json.JsonWriter;
import de.freiraum.json.Times;
import de.freiraum.model.Attribute;
import de.freiraum.model.Value;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tables as RFC 4180 has them: UTF-8, a header row, commas, CRLF, quotes where needed. A text that a spreadsheet would take for a formula
 * gets an apostrophe in front. Lists of plain values are joined by {@code |}; what has more structure is written as JSON.
 */
final class Csv implements RowFormat {
    private final List<Column> columns;
    private final Values values;

    Csv(List<Column> columns, Values values) {
        this.columns = columns;
        this.values = values;
    }

    @Override
    public void begin(ByteArrayOutputStream out) {
        line(out, columns.stream().map(column -> safe(column.name())).toList());
    }

    @Override
    public void row(ByteArrayOutputStream out, Row row) {
        line(out, cells(row));
    }

    /** The row, a text for each column. */
    List<String> cells(Row row) {
        List<String> cells = new ArrayList<>(columns.size());
        for (Column column : columns) {
            cells.add(cell(column, row));
        }
        return cells;
    }

    @Override
    public void end(ByteArrayOutputStream out) {
        // a table ends with its last row
    }

    private String cell(Column column, Row row) {
        return switch (column.role()) {
            case ID -> safe(row.id());
            case OBSERVED_AT -> row.observedAt() == null ? "" : Times.format(row.observedAt());
            case LATITUDE ->
                row.location() == null
                        ? ""
                        : Double.toString(row.location().anchor().getY());
            case LONGITUDE ->
                row.location() == null
                        ? ""
                        : Double.toString(row.location().anchor().getX());
            case VALUE -> cell(row.values().get(column.attribute()));
        };
    }

    private String cell(@Nullable Attribute attribute) {
        return attribute == null ? "" : text(values.of(attribute));
    }

    private static String text(Value value) {
        if (value instanceof Value.Text t) {
            return safe(t.text());
        }
        if (value instanceof Value.Array a && a.items().stream().allMatch(Csv::isPlain)) {
            return safe(String.join("|", a.items().stream().map(Csv::plain).toList()));
        }
        return isPlain(value) ? plain(value) : JsonWriter.text(value);
    }

    private static boolean isPlain(Value value) {
        return value instanceof Value.Text
                || value instanceof Value.Num
                || value instanceof Value.Bool
                || value instanceof Value.Null;
    }

    private static String plain(Value value) {
        if (value instanceof Value.Text t) {
            return t.text();
        }
        return value instanceof Value.Null ? "" : JsonWriter.text(value);
    }

    /** A text that no spreadsheet computes; numbers are written elsewhere and stay as they are. */
    static String safe(String text) {
        return !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }

    private static void line(ByteArrayOutputStream out, List<String> cells) {
        StringBuilder line = new StringBuilder(32 * cells.size());
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                line.append(',');
            }
            quoted(line, cells.get(i));
        }
        out.writeBytes(line.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void quoted(StringBuilder line, String cell) {
        boolean plain = true;
        for (int i = 0; i < cell.length() && plain; i++) {
            char c = cell.charAt(i);
            plain = c != ',' && c != '"' && c != '\n' && c != '\r';
        }
        if (plain) {
            line.append(cell);
        } else {
            line.append('"').append(cell.replace("\"", "\"\"")).append('"');
        }
    }
}
