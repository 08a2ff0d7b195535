package de.freiraum.notify;

import java.time.Duration;

/**
 * Limits of notification.
 *
 * @param defaultTimeout how long a receiver may take where the subscription says nothing
 * @param maxTimeout the longest a subscription may ask for
 * @param queuedPerSubscription notifications that may wait for one subscription; beyond it the oldest is given up and counts as failed
 * @param pendingChanges changes that may wait to be matched, of all subscriptions together; beyond it changes are not notified
 * @param entitiesPerNotification the most entities in one notification
 * @param saveCountersEvery how often counters go to the store
 */
public record NotifierSettings(
        Duration defaultTimeout,
        Duration maxTimeout,
        int queuedPerSubscription,
        int pendingChanges,
        int entitiesPerNotification,
        Duration saveCountersEvery) {

    /** 10 seconds, at most a minute; 1000 notifications, 100 000 changes, 1000 entities; every 5 seconds. */
    public static final NotifierSettings DEFAULT = new NotifierSettings(
            Duration.ofSeconds(10), Duration.ofSeconds(60), 1000, 100_000, 1000, Duration.ofSeconds(5));
}
