package de.freiraum.notify.live;

import java.time.Duration;
import java.util.Set;

/**
 * What the live feed never shows, and its limits.
 *
 * @param hiddenTypes IRIs of entity types; entities that have one are never shown
 * @param hiddenAttributes IRIs of attributes that are never shown and on which no filter depends
 * @param maxClients connections at a time
 * @param remembered events kept for clients that come back
 * @param waitingPerClient entities that may wait for a slow client before it has to begin anew
 * @param heartbeat how often a comment is sent, so that nobody on the way closes the connection
 * @param replayed the most entities read from the store for a client that comes back late
 */
public record LiveSettings(
        Set<String> hiddenTypes,
        Set<String> hiddenAttributes,
        int maxClients,
        int remembered,
        int waitingPerClient,
        Duration heartbeat,
        int replayed) {
    /** Copies the sets. */
    public LiveSettings {
        hiddenTypes = Set.copyOf(hiddenTypes);
        hiddenAttributes = Set.copyOf(hiddenAttributes);
    }
}
