package de.freiraum.representation;

import de.freiraum.json.Times;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Snapshot;
import de.freiraum.model.Snapshot.ExecutionResult;
import de.freiraum.model.Snapshot.Settings;
import de.freiraum.model.Snapshot.Status;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes descriptions of snapshots (clause 5.2.41) and notifications of their status (clause 5.3.4). */
public final class SnapshotWriter {
    private SnapshotWriter() {}

    /** A description; its queries as they were given. */
    public static Value.Obj write(Snapshot snapshot) {
        Settings settings = snapshot.settings();
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("id", Value.of(snapshot.id()));
        members.put("type", Value.of("Snapshot"));
        queries(members, "snapshotQueries", snapshot.queries());
        queries(members, "snapshotTemporalQueries", snapshot.temporalQueries());
        if (settings.lifetime() != null) {
            members.put("snapshotLifetime", Value.of(settings.lifetime()));
        }
        members.put("snapshotPriority", Value.of(settings.priority()));
        if (settings.endpoint() != null) {
            members.put("endpoint", Value.of(settings.endpoint()));
        }
        if (!settings.receiverInfo().isEmpty()) {
            members.put(
                    "receiverInfo",
                    new Value.Array(settings.receiverInfo().stream()
                            .<Value>map(pair -> object("key", Value.of(pair.key()), "value", Value.of(pair.value())))
                            .toList()));
        }
        members.put("snapshotStatus", Value.of(snapshot.outcome().status().name()));
        results(members, "snapshotQueriesDetails", snapshot.outcome().queries());
        results(members, "snapshotTemporalQueriesDetails", snapshot.outcome().temporalQueries());
        Snapshot.Times times = snapshot.times();
        time(members, "createdAt", times.createdAt());
        time(members, "modifiedAt", times.modifiedAt());
        time(members, "expiresAt", times.expiresAt());
        time(members, "lastUsedAt", times.lastUsedAt());
        return new Value.Obj(members);
    }

    /**
     * A notification of a snapshot's status.
     *
     * @param id URI of the notification
     * @param deleted whether the snapshot is no more, which a time of expiry before the notification tells
     */
    public static Value.Obj notification(Snapshot snapshot, String id, Instant now, boolean deleted) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("id", Value.of(id));
        members.put("type", Value.of("SnapshotNotification"));
        members.put("snapshotId", Value.of(snapshot.id()));
        time(members, "notifiedAt", now);
        Instant expiresAt = snapshot.times().expiresAt();
        time(members, "expiresAt", deleted && !expiresAt.isBefore(now) ? now.minusMillis(1) : expiresAt);
        members.put("snapshotPriority", Value.of(snapshot.settings().priority()));
        Status status = snapshot.outcome().status();
        members.put("snapshotStatus", Value.of((status == Status.preparing ? Status.failure : status).name()));
        if (deleted) {
            members.put("snapshotReady", Value.of(false));
        }
        results(members, "snapshotQueriesDetails", snapshot.outcome().queries());
        results(members, "temporalSnapshotQueriesDetails", snapshot.outcome().temporalQueries());
        return new Value.Obj(members);
    }

    private static void queries(Map<String, Value> members, String name, List<Value.Obj> queries) {
        if (!queries.isEmpty()) {
            members.put(name, new Value.Array(List.copyOf(queries)));
        }
    }

    private static void results(Map<String, Value> members, String name, List<ExecutionResult> results) {
        if (results.isEmpty()) {
            return;
        }
        List<Value> details = new ArrayList<>();
        for (ExecutionResult result : results) {
            @Nullable NgsiLdException problem = result.problem();
            if (problem == null) {
                details.add(object("resultStatus", Value.of(result.found() ? "success" : "empty")));
            } else {
                details.add(object(
                        "resultStatus",
                        Value.of("failure"),
                        "problemDetails",
                        object(
                                "type",
                                Value.of(problem.type().uri()),
                                "title",
                                Value.of(problem.type().title()),
                                "detail",
                                Value.of(problem.detail()),
                                "status",
                                Value.of(problem.type().status()))));
            }
        }
        members.put(name, new Value.Array(details));
    }

    /** Names and values in turn. */
    private static Value.Obj object(Object... namesAndValues) {
        Map<String, Value> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], (Value) namesAndValues[i + 1]);
        }
        return new Value.Obj(members);
    }

    private static void time(Map<String, Value> members, String name, Instant at) {
        members.put(name, Value.of(Times.format(at)));
    }
}
