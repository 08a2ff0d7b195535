package de.freiraum.ingest.message;

import java.util.ArrayList;
import java.util.List;

/** CSV as RFC 4180 writes it, with comma, semicolon or tab between the fields, whichever the first line uses. */
public final class CsvText {
    /**
     * One record.
     *
     * @param line line of the file on which it starts, from 1
     * @param fields its fields, unquoted
     * @param columns where in its line each field begins, from 1
     */
    public record Row(int line, List<String> fields, List<Integer> columns) {}

    private CsvText() {}

    /** The records, without empty lines. */
    public static List<Row> parse(String text) {
        String input = text.startsWith("\uFEFF") ? text.substring(1) : text;
        char separator = separator(input);
        List<Row> rows = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        List<Integer> columns = new ArrayList<>(List.of(1));
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        int line = 1;
        int start = 1;
        int lineAt = 0;
        for (int i = 0; i <= input.length(); i++) {
            char c = i < input.length() ? input.charAt(i) : '\n';
            if (quoted && i < input.length()) {
                if (c == '"' && i + 1 < input.length() && input.charAt(i + 1) == '"') {
                    field.append('"');
                    i++;
                } else if (c == '"') {
                    quoted = false;
                } else {
                    field.append(c);
                }
            } else if (c == '"' && field.toString().isBlank()) {
                field.setLength(0);
                quoted = true;
            } else if (c == separator) {
                fields.add(field.toString().strip());
                columns.add(i + 2 - lineAt);
                field.setLength(0);
            } else if (c == '\n') {
                fields.add(field.toString().strip());
                field.setLength(0);
                if (fields.size() > 1 || !fields.get(0).isEmpty()) {
                    rows.add(new Row(start, List.copyOf(fields), List.copyOf(columns)));
                }
                fields.clear();
                columns.clear();
                columns.add(1);
                start = line + 1;
            } else if (c != '\r') {
                field.append(c);
            }
            if (c == '\n') {
                line++;
                lineAt = i + 1;
            }
        }
        return rows;
    }

    /** A line with its end, all fields quoted. */
    public static String line(List<String> fields, char separator) {
        StringBuilder line = new StringBuilder();
        for (String field : fields) {
            line.append(line.isEmpty() ? "" : separator)
                    .append('"')
                    .append(field.replace("\"", "\"\""))
                    .append('"');
        }
        return line.append("\n").toString();
    }

    /** The character between the fields: semicolon or tab if the first line has one, else comma. */
    public static char separator(String text) {
        String first = text.lines().findFirst().orElse("");
        if (first.indexOf(';') >= 0) {
            return ';';
        }
        return first.indexOf('\t') >= 0 ? '\t' : ',';
    }
}
