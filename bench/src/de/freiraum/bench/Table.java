package de.freiraum.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured beside what was aimed at; rows are printed as they come. */
final class Table {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<Row> rows = new ArrayList<>();

    /**
     * One line.
     *
     * @param value a ratio, or what the unit says
     * @param target what it should be at least; at most, if {@code atMost}; 0: there is no target
     */
    private record Row(
            String work, double value, String unit, double target, boolean atMost, String details, long failed) {
        boolean isMet() {
            return failed == 0 && (target == 0 || (atMost ? value <= target : value >= target));
        }
    }

    /** A ratio of two rates, and what it should be at least (0: no target). */
    void ratio(String work, Contest.Outcome outcome, double target) {
        add(new Row(
                work,
                outcome.ratio(),
                "",
                target,
                false,
                String.format(
                        Locale.ROOT,
                        "%.0f against %.0f, p50 %d us, p99 %d us",
                        outcome.ours(),
                        outcome.other(),
                        outcome.p50(),
                        outcome.p99()),
                outcome.failed()));
    }

    /** A figure that should be at least the target. */
    void atLeast(String work, double value, String unit, double target, String details) {
        add(new Row(work, value, unit, target, false, details, 0));
    }

    /** A figure that should be at most the target. */
    void atMost(String work, double value, String unit, double target, String details) {
        add(new Row(work, value, unit, target, true, details, 0));
    }

    private void add(Row row) {
        rows.add(row);
        String aim =
                row.target == 0 ? "" : (row.atMost ? "<= " : ">= ") + String.format(Locale.ROOT, "%.2f", row.target);
        System.out.printf(
                Locale.ROOT,
                "%-46s %9.2f %-4s %-9s %-6s  %s%s%n",
                row.work,
                row.value,
                row.unit,
                aim,
                row.target == 0 && row.failed == 0 ? "" : row.isMet() ? "met" : "MISSED",
                row.details,
                row.failed == 0 ? "" : ", failed " + row.failed);
    }

    /** Writes the rows as JSON. @return whether all targets are met and nothing failed */
    boolean report(Path file) throws IOException {
        ArrayNode table = MAPPER.createArrayNode();
        for (Row r : rows) {
            ObjectNode row = table.addObject();
            row.put("work", r.work)
                    .put("value", Math.round(r.value * 1000) / 1000.0)
                    .put("unit", r.unit);
            row.put("target", r.target).put("atMost", r.atMost).put("met", r.isMet());
            row.put("details", r.details).put("failed", r.failed);
        }
        ObjectNode all = MAPPER.createObjectNode();
        all.put("at", Instant.now().toString()).set("rows", table);
        Files.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(all));
        long missed = rows.stream().filter(row -> !row.isMet()).count();
        System.out.printf("%d of %d rows as aimed at; written to %s%n", rows.size() - missed, rows.size(), file);
        return missed == 0;
    }
}
