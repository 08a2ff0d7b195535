package de.freiraum.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a subscription's notifications (clause 5.2.14.2).
 *
 * @param timesSent how many were sent, failed ones included
 * @param timesFailed how many of them failed
 * @param lastNotification when the last one was sent, or null
 * @param lastSuccess when the last one succeeded, or null
 * @param lastFailure when the last one failed, or null
 * @param failing whether the last attempt that ended failed
 */
public record DeliveryCounters(
        long timesSent,
        long timesFailed,
        @Nullable Instant lastNotification,
        @Nullable Instant lastSuccess,
        @Nullable Instant lastFailure,
        boolean failing) {

    /** Nothing was sent yet. */
    public static final DeliveryCounters NONE = new DeliveryCounters(0, 0, null, null, null, false);

    /**
     * These and what was counted elsewhere meanwhile.
     *
     * @param before what the other had when it began to count on its own
     * @param after what the other has now
     */
    public DeliveryCounters plus(DeliveryCounters before, DeliveryCounters after) {
        boolean otherIsLater = after.lastNotification != null
                && (lastNotification == null || !after.lastNotification.isBefore(lastNotification));
        return new DeliveryCounters(
                timesSent + after.timesSent - before.timesSent,
                timesFailed + after.timesFailed - before.timesFailed,
                later(lastNotification, after.lastNotification),
                later(lastSuccess, after.lastSuccess),
                later(lastFailure, after.lastFailure),
                otherIsLater ? after.failing : failing);
    }

    private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
        return a == null || (b != null && b.isAfter(a)) ? b : a;
    }

    /** After one more was sent. */
    public DeliveryCounters sent(Instant at) {
        return new DeliveryCounters(timesSent + 1, timesFailed, at, lastSuccess, lastFailure, failing);
    }

    /** After one succeeded. */
    public DeliveryCounters succeeded(Instant at) {
        return new DeliveryCounters(timesSent, timesFailed, lastNotification, at, lastFailure, false);
    }

    /** After one failed. */
    public DeliveryCounters failed(Instant at) {
        return new DeliveryCounters(timesSent, timesFailed + 1, lastNotification, lastSuccess, at, true);
    }
}
