package de.freiraum.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits of notification.
 *
 * @param defaultTimeout how long a receiver may take where the subscription says nothing
 * @param maxTimeout the longest a subscription may ask for
 * @param queuedPerSubscription notifications that may wait for one subscription; beyond it the oldest is given up and counts as failed
 * @param throttledPerSubscription entities that may wait until throttling lets them be sent; beyond it the one that waits longest is given up
 * @param pendingChanges changes that may wait to be matched, of all subscriptions together; beyond it changes are not notified
 * @param entitiesPerNotification the most entities in one notification; more are sent in several, one after the other
 * @param keptPerSubscription changes that are kept for one subscription with guaranteed delivery; beyond it the oldest is given up and counts as
 *     failed
 * @param saveCountersEvery how often counters go to the store
 */
public record NotifierSettings(
        Duration defaultTimeout,
        Duration maxTimeout,
        int queuedPerSubscription,
        int throttledPerSubscription,
        int pendingChanges,
        int entitiesPerNotification,
        int keptPerSubscription,
        Duration saveCountersEvery) {

    /** 10 seconds, at most a minute; 1000 notifications, 100 000 entities, 100 000 changes; 1000 entities in one; 10 000 kept; every 5 seconds. */
    public static final NotifierSettings DEFAULT = new NotifierSettings(
            Duration.ofSeconds(10), Duration.ofSeconds(60), 1000, 100_000, 100_000, 1000, 10_000, Duration.ofSeconds(5));

    /** The same with another number of changes that are kept for one subscription. */
    public NotifierSettings withKeptPerSubscription(int most) {
        return new NotifierSettings(
                defaultTimeout,
                maxTimeout,
                queuedPerSubscription,
                throttledPerSubscription,
                pendingChanges,
                entitiesPerNotification,
                most,
                saveCountersEvery);
    }

    /** How long a receiver may take whose subscription asks for this long, or says nothing. */
    Duration timeout(@Nullable Duration asked) {
        if (asked == null) {
            return defaultTimeout;
        }
        return asked.compareTo(maxTimeout) > 0 ? maxTimeout : asked;
    }
}
