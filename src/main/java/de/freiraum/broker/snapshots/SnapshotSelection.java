package de.freiraum.broker.snapshots;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Snapshot;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.QExpression;
import de.freiraum.query.QParser;
import de.freiraum.representation.SnapshotWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A query of snapshots by the members of their descriptions (clauses 5.16.7 and 4.9). */
final class SnapshotSelection {
    private static final Pattern FIRST_NAME = Pattern.compile("([A-Za-z]+)(?:[.\\[].*)?");
    private static final Set<String> MEMBERS = Set.of(
            "id",
            "type",
            "snapshotQueries",
            "snapshotTemporalQueries",
            "snapshotLifetime",
            "snapshotPriority",
            "endpoint",
            "receiverInfo",
            "snapshotStatus",
            "snapshotQueriesDetails",
            "snapshotTemporalQueriesDetails",
            "createdAt",
            "modifiedAt",
            "expiresAt",
            "lastUsedAt");

    private final EntityQuery query;

    private SnapshotSelection(EntityQuery query) {
        this.query = query;
    }

    /**
     * Parses a query.
     *
     * @throws NgsiLdException BadRequestData, also for names that are no members of a snapshot's description
     */
    static SnapshotSelection parse(String q) {
        QExpression parsed = QParser.parse("q", q, UnaryOperator.identity(), List.of());
        for (QExpression.Target target : parsed.targets()) {
            Matcher first = FIRST_NAME.matcher(target.print(UnaryOperator.identity()));
            if (!first.matches() || !MEMBERS.contains(first.group(1))) {
                throw NgsiLdException.badRequest(
                        "q: snapshots are found by members of their descriptions alone, such as snapshotPriority");
            }
        }
        return new SnapshotSelection(EntityQuery.ALL.withQ(parsed));
    }

    boolean matches(Snapshot snapshot) {
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        SnapshotWriter.write(snapshot)
                .members()
                .forEach((name, value) ->
                        attributes.put(name, List.of(new Attribute.Property(value, AttributeMeta.NONE))));
        return query.matches(new Entity(
                snapshot.id(),
                List.of("Snapshot"),
                List.of(),
                attributes,
                snapshot.times().createdAt(),
                snapshot.times().modifiedAt(),
                snapshot.times().expiresAt()));
    }
}
