package de.freiraum.store.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * How an embedded store works. Made with {@link #at} or {@link #inMemory} and the {@code with…} methods.
 *
 * @param directory where it keeps its files; null exactly for {@link Durability#MEMORY}
 * @param durability when a change counts as committed
 * @param shards how many event loops share the entities, 1 to 1024; may differ from start to start
 * @param clock gives the times of changes
 * @param maxPending the most changes that are accepted and not committed; beyond it changes are refused, above 0
 * @param deleteHistoryWithEntity whether deleting an entity deletes its history; if not, its deletion becomes part of it
 * @param sweepInterval how often expired entities and attributes are deleted, above 0
 * @param indexedFrom the values of an attribute are indexed when queries for a value of it would otherwise look at more entities than this, at least 0
 * @param queryTime the longest that a query may take, above 0
 */
public record EmbeddedOptions(
        @Nullable Path directory,
        Durability durability,
        int shards,
        InstantSource clock,
        int maxPending,
        boolean deleteHistoryWithEntity,
        Duration sweepInterval,
        long indexedFrom,
        Duration queryTime) {

    private static final int DEFAULT_MAX_PENDING = 20_000;
    private static final long DEFAULT_INDEXED_FROM = 1_000;
    private static final Duration DEFAULT_QUERY_TIME = Duration.ofSeconds(10);

    /** Checks the ranges. */
    public EmbeddedOptions {
        if ((directory == null) != (durability == Durability.MEMORY)) {
            throw new IllegalArgumentException(
                    "a directory is needed for durability sync and async, and only for these");
        }
        if (shards < 1 || shards > 1024) {
            throw new IllegalArgumentException("shards: 1 to 1024 are allowed, not " + shards);
        }
        if (maxPending < 1) {
            throw new IllegalArgumentException("maxPending: at least 1 is allowed, not " + maxPending);
        }
        if (sweepInterval.isNegative() || sweepInterval.toMillis() == 0) {
            throw new IllegalArgumentException(
                    "sweepInterval: at least a millisecond is allowed, not " + sweepInterval);
        }
        if (indexedFrom < 0) {
            throw new IllegalArgumentException("indexedFrom: at least 0 is allowed, not " + indexedFrom);
        }
    }

    /** A store in a directory, durable with each commit, with as many shards as there are processors. */
    public static EmbeddedOptions at(Path directory, InstantSource clock) {
        return new EmbeddedOptions(
                directory,
                Durability.SYNC,
                defaultShards(),
                clock,
                DEFAULT_MAX_PENDING,
                false,
                Duration.ofSeconds(1),
                DEFAULT_INDEXED_FROM,
                DEFAULT_QUERY_TIME);
    }

    /** A store that is gone with its process. */
    public static EmbeddedOptions inMemory(InstantSource clock) {
        return new EmbeddedOptions(
                null,
                Durability.MEMORY,
                defaultShards(),
                clock,
                DEFAULT_MAX_PENDING,
                false,
                Duration.ofSeconds(1),
                DEFAULT_INDEXED_FROM,
                DEFAULT_QUERY_TIME);
    }

    private static int defaultShards() {
        return Math.min(64, Runtime.getRuntime().availableProcessors());
    }

    /** The same with another durability; the directory is dropped for {@link Durability#MEMORY}. */
    public EmbeddedOptions withDurability(Durability other) {
        return new EmbeddedOptions(
                other == Durability.MEMORY ? null : directory,
                other,
                shards,
                clock,
                maxPending,
                deleteHistoryWithEntity,
                sweepInterval,
                indexedFrom,
                queryTime);
    }

    /** The same with another number of shards. */
    public EmbeddedOptions withShards(int other) {
        return new EmbeddedOptions(
                directory,
                durability,
                other,
                clock,
                maxPending,
                deleteHistoryWithEntity,
                sweepInterval,
                indexedFrom,
                queryTime);
    }

    /** The same with another bound for uncommitted changes. */
    public EmbeddedOptions withMaxPending(int other) {
        return new EmbeddedOptions(
                directory,
                durability,
                shards,
                clock,
                other,
                deleteHistoryWithEntity,
                sweepInterval,
                indexedFrom,
                queryTime);
    }

    /** The same, keeping or deleting the history of deleted entities. */
    public EmbeddedOptions withDeleteHistoryWithEntity(boolean other) {
        return new EmbeddedOptions(
                directory, durability, shards, clock, maxPending, other, sweepInterval, indexedFrom, queryTime);
    }

    /** The same with another interval of deleting what is expired. */
    public EmbeddedOptions withSweepInterval(Duration other) {
        return new EmbeddedOptions(
                directory,
                durability,
                shards,
                clock,
                maxPending,
                deleteHistoryWithEntity,
                other,
                indexedFrom,
                queryTime);
    }

    /** The same with values indexed earlier or later. */
    public EmbeddedOptions withIndexedFrom(long other) {
        return new EmbeddedOptions(
                directory,
                durability,
                shards,
                clock,
                maxPending,
                deleteHistoryWithEntity,
                sweepInterval,
                other,
                queryTime);
    }

    /** The same with another longest time of a query. */
    public EmbeddedOptions withQueryTime(Duration other) {
        return new EmbeddedOptions(
                directory,
                durability,
                shards,
                clock,
                maxPending,
                deleteHistoryWithEntity,
                sweepInterval,
                indexedFrom,
                other);
    }
}
