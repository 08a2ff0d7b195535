package de.freiraum.notify.live;

import java.time.Duration;
import java.util.Set;

/**
 * What the live feed shows, and its limits.
 *
 * @param types IRIs of the entity types that are shown; entities of other types never are
 * @param maxClients connections at a time
 * @param remembered events kept for clients that come back
 * @param waitingPerClient entities that may wait for a slow client before it is disconnected
 * @param heartbeat how often a comment is sent, so that nobody on the way closes the connection
 */
public record LiveSettings(
        Set<String> types, int maxClients, int remembered, int waitingPerClient, Duration heartbeat) {
    /** Copies the set. */
    public LiveSettings {
        types = Set.copyOf(types);
    }

    /** 500 clients, 10 000 events remembered, 1000 entities waiting, a heartbeat each 15 seconds. */
    public static LiveSettings showing(Set<String> types) {
        return new LiveSettings(types, 500, 10_000, 1000, Duration.ofSeconds(15));
    }
}
