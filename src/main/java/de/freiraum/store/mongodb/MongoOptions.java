package de.freiraum.store.mongodb;

import com.mongodb.ConnectionString;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How a MongoDB store works. Made with {@link #at} and the {@code with…} methods.
 *
 * @param uri connection string of a replica set or of a sharded cluster; names the database, otherwise that is {@code freiraum}
 * @param clock gives the times of changes
 * @param lanes how many groups of changes are written at the same time, 1 to 64
 * @param maxPending the most changes that are accepted and not committed; beyond it changes are refused, above 0
 * @param deleteHistoryWithEntity whether deleting an entity deletes its history; if not, its deletion becomes part of it
 * @param sweepInterval how often expired entities and attributes are deleted, above 0
 * @param patience how long a request waits for a deployment that does not answer, above 0
 * @param queryTime the longest that a query may take, above 0
 * @param startWithin how long opening waits for a deployment that does not answer, 0 or more
 */
public record MongoOptions(
        ConnectionString uri,
        InstantSource clock,
        int lanes,
        int maxPending,
        boolean deleteHistoryWithEntity,
        Duration sweepInterval,
        Duration patience,
        Duration queryTime,
        Duration startWithin) {
    private static final int DEFAULT_LANES = 8;
    private static final int DEFAULT_MAX_PENDING = 20_000;
    private static final String DEFAULT_DATABASE = "freiraum";

    /** Checks the ranges. */
    public MongoOptions {
        if (lanes < 1 || lanes > 64) {
            throw new IllegalArgumentException("lanes: 1 to 64 are allowed, not " + lanes);
        }
        if (maxPending < 1) {
            throw new IllegalArgumentException("maxPending: at least 1 is allowed, not " + maxPending);
        }
        if (sweepInterval.toMillis() < 1 || patience.toMillis() < 1) {
            throw new IllegalArgumentException("sweepInterval and patience: at least a millisecond is allowed");
        }
    }

    /**
     * A store in a deployment.
     *
     * @throws IllegalArgumentException if it is no connection string
     */
    public static MongoOptions at(String uri, InstantSource clock) {
        return new MongoOptions(
                new ConnectionString(uri),
                clock,
                DEFAULT_LANES,
                DEFAULT_MAX_PENDING,
                false,
                Duration.ofSeconds(1),
                Duration.ofSeconds(8),
                Duration.ofSeconds(10),
                Duration.ofMinutes(2));
    }

    /** The database's name. */
    public String database() {
        String named = uri.getDatabase();
        return named == null ? DEFAULT_DATABASE : named;
    }

    /** The same, keeping or deleting the history of deleted entities. */
    public MongoOptions withDeleteHistoryWithEntity(boolean other) {
        return new MongoOptions(uri, clock, lanes, maxPending, other, sweepInterval, patience, queryTime, startWithin);
    }

    /** The same with another interval of deleting what is expired. */
    public MongoOptions withSweepInterval(Duration other) {
        return new MongoOptions(
                uri, clock, lanes, maxPending, deleteHistoryWithEntity, other, patience, queryTime, startWithin);
    }

    /** The same with another patience. */
    public MongoOptions withPatience(Duration other) {
        return new MongoOptions(
                uri, clock, lanes, maxPending, deleteHistoryWithEntity, sweepInterval, other, queryTime, startWithin);
    }

    /** The same with another longest time of a query. */
    public MongoOptions withQueryTime(Duration other) {
        return new MongoOptions(
                uri, clock, lanes, maxPending, deleteHistoryWithEntity, sweepInterval, patience, other, startWithin);
    }
}
