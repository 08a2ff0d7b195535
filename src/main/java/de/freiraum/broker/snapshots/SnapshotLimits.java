package de.freiraum.broker.snapshots;

import java.time.Duration;

/**
 * What snapshots may take.
 *
 * @param perTenant the most snapshots of one tenant, above 0
 * @param entities the most entities and evolutions in one snapshot, above 0
 * @param lifetime the longest life of a snapshot, and how long one lives of which nothing is said
 */
public record SnapshotLimits(int perTenant, int entities, Duration lifetime) {
    /** 10 snapshots a tenant, 100 000 entities in each, a day. */
    public static final SnapshotLimits DEFAULT = new SnapshotLimits(10, 100_000, Duration.ofDays(1));

    /** Checks the ranges. */
    public SnapshotLimits {
        if (perTenant < 1 || entities < 1 || lifetime.isZero() || lifetime.isNegative()) {
            throw new IllegalArgumentException("limits must be above 0");
        }
    }
}
