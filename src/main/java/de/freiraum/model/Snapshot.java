package de.freiraum.model;

import de.freiraum.model.Subscription.KeyValuePair;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot's description (clause 5.2.41); what is in it is in the store.
 *
 * @param id URI
 * @param queries the Query documents it was made with, as they were given; empty for a clone
 * @param temporalQueries the same with {@code temporalQ}
 * @param settings what its creator may change
 * @param outcome what became of the queries
 * @param times its times
 */
public record Snapshot(
        String id,
        List<Value.Obj> queries,
        List<Value.Obj> temporalQueries,
        Settings settings,
        Outcome outcome,
        Times times) {
    /** Priority of a snapshot of which nothing is said. */
    public static final int DEFAULT_PRIORITY = 5;

    /** Copies the lists. */
    public Snapshot {
        queries = List.copyOf(queries);
        temporalQueries = List.copyOf(temporalQueries);
    }

    /** How far it is. The names are those of the specification. */
    public enum Status {
        /** Its queries run. */
        preparing,
        /** Every query found something. */
        success,
        /** At least one query found something, and at least one failed or found nothing. */
        partial,
        /** Every query failed. */
        failure,
        /** At least one query ended well, and none found anything. */
        empty
    }

    /**
     * What its creator may change.
     *
     * @param lifetime the ISO 8601 duration asked for, or null
     * @param priority 1 to 10; those of lower priority are deleted first
     * @param endpoint http or https URI for notifications of its status, or null
     * @param receiverInfo headers of those notifications
     */
    public record Settings(
            @Nullable String lifetime,
            int priority,
            @Nullable String endpoint,
            List<KeyValuePair> receiverInfo) {
        /** Nothing in particular. */
        public static final Settings DEFAULT = new Settings(null, DEFAULT_PRIORITY, null, List.of());

        /** Copies the list. */
        public Settings {
            receiverInfo = List.copyOf(receiverInfo);
        }
    }

    /**
     * What became of its queries.
     *
     * @param status the sum of it
     * @param queries one result a query, in their order; empty as long as they run
     * @param temporalQueries the same for the temporal queries
     */
    public record Outcome(Status status, List<ExecutionResult> queries, List<ExecutionResult> temporalQueries) {
        /** The queries run. */
        public static final Outcome PREPARING = new Outcome(Status.preparing, List.of(), List.of());

        /** Copies the lists. */
        public Outcome {
            queries = List.copyOf(queries);
            temporalQueries = List.copyOf(temporalQueries);
        }
    }

    /**
     * What became of one query (clause 5.2.42).
     *
     * @param found whether it ended well with a result
     * @param problem why it failed, or null if it ended well
     */
    public record ExecutionResult(boolean found, @Nullable NgsiLdException problem) {}

    /**
     * Its times (clause 4.8).
     *
     * @param createdAt when it was asked for
     * @param modifiedAt when its description was last changed
     * @param expiresAt when it is deleted
     * @param lastUsedAt when an operation last worked on it
     */
    public record Times(Instant createdAt, Instant modifiedAt, Instant expiresAt, Instant lastUsedAt) {}

    /** The same with other settings, from a point in time. */
    public Snapshot with(Settings other, Instant now, Instant expiresAt) {
        return new Snapshot(
                id,
                queries,
                temporalQueries,
                other,
                outcome,
                new Times(times.createdAt, now, expiresAt, times.lastUsedAt));
    }

    /** The same with another outcome, from a point in time. */
    public Snapshot with(Outcome other, Instant now) {
        return new Snapshot(
                id,
                queries,
                temporalQueries,
                settings,
                other,
                new Times(times.createdAt, now, times.expiresAt, times.lastUsedAt));
    }

    /** The same, used at a point in time. */
    public Snapshot usedAt(Instant now) {
        return new Snapshot(
                id,
                queries,
                temporalQueries,
                settings,
                outcome,
                new Times(times.createdAt, times.modifiedAt, times.expiresAt, now));
    }
}
