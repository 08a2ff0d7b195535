package de.freiraum.representation;

import de.freiraum.json.Times;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Snapshot;
import de.freiraum.model.Snapshot.ExecutionResult;
import de.freiraum.model.Snapshot.Outcome;
import de.freiraum.model.Snapshot.Settings;
import de.freiraum.model.Snapshot.Status;
import de.freiraum.model.Value;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads descriptions of snapshots and fragments of them (clauses 5.2.41, 5.16.1, 5.16.2, 5.16.4). Members that the data type does not have, and
 * those that only the broker writes, are left out.
 */
public final class SnapshotReader {
    private static final String QUERIES = "snapshotQueries";
    private static final String TEMPORAL_QUERIES = "snapshotTemporalQueries";
    private static final int MAX_QUERIES = 100;
    private static final int MAX_LIFETIME = 40;
    private static final Set<String> SETTINGS =
            Set.of("snapshotLifetime", "snapshotPriority", "endpoint", "receiverInfo");

    private SnapshotReader() {}

    /**
     * A snapshot that is asked for.
     *
     * @param id its URI, or null: the broker makes one
     * @param queries Query documents
     * @param temporalQueries Query documents with {@code temporalQ}
     * @param settings the rest
     */
    public record Draft(
            @Nullable String id, List<Value.Obj> queries, List<Value.Obj> temporalQueries, Settings settings) {
        /** Copies the lists. */
        public Draft {
            queries = List.copyOf(queries);
            temporalQueries = List.copyOf(temporalQueries);
        }
    }

    /**
     * Reads a snapshot to be created; its queries are not looked into.
     *
     * @param body without {@code @context}
     * @throws NgsiLdException BadRequestData
     */
    public static Draft create(Value.Obj body) {
        List<Value.Obj> queries = queries(QUERIES, body, false);
        List<Value.Obj> temporal = queries(TEMPORAL_QUERIES, body, true);
        if (queries.isEmpty() && temporal.isEmpty()) {
            throw NgsiLdException.badRequest("at least one of " + QUERIES + " and " + TEMPORAL_QUERIES + " is needed");
        }
        return new Draft(checked(body, true), queries, temporal, settings(Settings.DEFAULT, body, false));
    }

    /**
     * Reads the description of a clone, which has no queries.
     *
     * @throws NgsiLdException BadRequestData
     */
    public static Draft cloneOf(Value.Obj body) {
        refuseQueries(body, "of a clone");
        return new Draft(checked(body, true), List.of(), List.of(), settings(Settings.DEFAULT, body, false));
    }

    /**
     * Applies a fragment (clauses 5.5.8 and 5.16.4).
     *
     * @throws NgsiLdException BadRequestData for what cannot be changed
     */
    public static Settings update(Snapshot current, Value.Obj fragment) {
        refuseQueries(fragment, "of a snapshot that exists");
        String id = checked(fragment, false);
        if (id != null && !id.equals(current.id())) {
            throw NgsiLdException.badRequest("id must stay " + Members.clip(current.id()));
        }
        return settings(current.settings(), fragment, true);
    }

    /** When a snapshot ends that is to live so long from now on, at the latest the given time. */
    public static Instant end(String lifetime, Instant now, Instant latest) {
        int t = lifetime.indexOf('T');
        boolean wellFormed = lifetime.length() <= MAX_LIFETIME
                && lifetime.matches("P(?=[0-9T])([0-9]+[YMWD])*(T(?=[0-9])([0-9]+[HM])*([0-9]+(\\.[0-9]+)?S)?)?");
        if (!wellFormed) {
            throw badLifetime();
        }
        Period period;
        Duration time;
        try {
            period = t == 1 ? Period.ZERO : Period.parse(t < 0 ? lifetime : lifetime.substring(0, t));
            time = t < 0 ? Duration.ZERO : Duration.parse("P" + lifetime.substring(t));
        } catch (DateTimeException | ArithmeticException e) {
            throw badLifetime();
        }
        if (period.isZero() && time.isZero()) {
            throw badLifetime();
        }
        try {
            Instant end = now.atOffset(ZoneOffset.UTC).plus(period).plus(time).toInstant();
            return end.isBefore(latest) ? end : latest;
        } catch (DateTimeException | ArithmeticException beyondAllTime) {
            return latest;
        }
    }

    private static NgsiLdException badLifetime() {
        return NgsiLdException.badRequest(
                "snapshotLifetime must be an ISO 8601 duration above 0, such as PT1H, P1D or P1DT12H");
    }

    /** Reads what {@link SnapshotWriter} wrote. */
    public static Snapshot stored(Value.Obj document) {
        List<Value.Obj> queries = queries(QUERIES, document, false);
        List<Value.Obj> temporal = queries(TEMPORAL_QUERIES, document, true);
        return new Snapshot(
                Members.text("id", Members.required("id", document.get("id"))),
                queries,
                temporal,
                settings(Settings.DEFAULT, document, false),
                new Outcome(
                        Status.valueOf(Members.text(
                                "snapshotStatus", Members.required("snapshotStatus", document.get("snapshotStatus")))),
                        results(document.get("snapshotQueriesDetails")),
                        results(document.get("snapshotTemporalQueriesDetails"))),
                new Snapshot.Times(
                        time("createdAt", document),
                        time("modifiedAt", document),
                        time("expiresAt", document),
                        time("lastUsedAt", document)));
    }

    private static Instant time(String name, Value.Obj document) {
        return Times.parse(Members.text(name, Members.required(name, document.get(name))), name);
    }

    private static List<ExecutionResult> results(@Nullable Value details) {
        List<ExecutionResult> results = new ArrayList<>();
        if (details instanceof Value.Array array) {
            for (Value item : array.items()) {
                Value.Obj result = Members.object("details", item);
                results.add(new ExecutionResult(
                        Value.of("success").equals(result.get("resultStatus")), problem(result.get("problemDetails"))));
            }
        }
        return results;
    }

    private static @Nullable NgsiLdException problem(@Nullable Value details) {
        if (!(details instanceof Value.Obj problem)) {
            return null;
        }
        String type = Members.text("type", Members.required("type", problem.get("type")));
        return new NgsiLdException(
                ErrorType.valueOf(type.substring(type.lastIndexOf('/') + 1)),
                Members.text("detail", Members.required("detail", problem.get("detail"))));
    }

    /** Checks identifier and type. @return the identifier, or null */
    private static @Nullable String checked(Value.Obj body, boolean whole) {
        Value type = either(body, "type", "@type");
        if (type != null || whole) {
            Members.oneOf("type", Members.required("type", type), List.of("Snapshot"));
        }
        Value id = either(body, "id", "@id");
        if (id != null && Members.isNothing(id)) {
            throw NgsiLdException.badRequest("id must not be null");
        }
        return id == null ? null : Members.uri("id", id);
    }

    private static @Nullable Value either(Value.Obj body, String name, String keyword) {
        Value value = body.get(name);
        return value == null ? body.get(keyword) : value;
    }

    private static void refuseQueries(Value.Obj body, String what) {
        for (String name : List.of(QUERIES, TEMPORAL_QUERIES)) {
            if (body.get(name) != null) {
                throw NgsiLdException.badRequest(name + " " + what + " cannot be set");
            }
        }
    }

    private static List<Value.Obj> queries(String name, Value.Obj body, boolean temporal) {
        Value value = body.get(name);
        if (value == null) {
            return List.of();
        }
        List<Value> items = Members.nonEmptyArray(name, value);
        if (items.size() > MAX_QUERIES) {
            throw NgsiLdException.badRequest(name + " has at most " + MAX_QUERIES + " items");
        }
        List<Value.Obj> queries = new ArrayList<>();
        for (Value item : items) {
            Value.Obj query = Members.object(name + "[]", item);
            if ((query.get("temporalQ") != null) != temporal) {
                throw NgsiLdException.badRequest(name + "[]: temporalQ "
                        + (temporal ? "is missing" : "belongs to a query of " + TEMPORAL_QUERIES));
            }
            queries.add(query);
        }
        return queries;
    }

    /**
     * The settings that a document leads to.
     *
     * @param before what holds where it says nothing
     * @param patch whether a member may be removed by NGSI-LD Null
     */
    private static Settings settings(Settings before, Value.Obj body, boolean patch) {
        String lifetime = before.lifetime();
        int priority = before.priority();
        String endpoint = before.endpoint();
        List<de.freiraum.model.Subscription.KeyValuePair> receiverInfo = before.receiverInfo();
        for (String name : SETTINGS) {
            Value given = body.get(name);
            if (given == null) {
                continue;
            }
            boolean removed = Members.isNothing(given);
            if (removed && !patch) {
                throw NgsiLdException.badRequest(name + " must not be null");
            }
            switch (name) {
                case "snapshotLifetime" -> lifetime = removed ? null : lifetime(given);
                case "snapshotPriority" -> priority = removed ? Snapshot.DEFAULT_PRIORITY : priority(given);
                case "endpoint" -> endpoint = removed ? null : endpoint(given);
                default ->
                    receiverInfo = removed ? List.of() : KeyValuePairs.stored(KeyValuePairs.read(name, given, true));
            }
        }
        return new Settings(lifetime, priority, endpoint, receiverInfo);
    }

    private static String lifetime(Value value) {
        String text = Members.text("snapshotLifetime", value);
        end(text, Instant.EPOCH, Instant.MAX);
        return text;
    }

    private static int priority(Value value) {
        if (value instanceof Value.Num number) {
            double given = number.asDouble();
            if (given >= 1 && given <= 10 && given == Math.rint(given)) {
                return (int) given;
            }
        }
        throw NgsiLdException.badRequest("snapshotPriority must be a whole number from 1 to 10");
    }

    private static String endpoint(Value value) {
        String text = Members.uri("endpoint", value);
        try {
            URI uri = URI.create(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (Set.of("http", "https").contains(scheme) && uri.getHost() != null) {
                return text;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw NgsiLdException.badRequest("endpoint must be an http or https URI with a host");
    }
}
