package de.freiraum.ingest.config;

import de.freiraum.config.Secret;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the built-in MQTT endpoint treats its clients.
 *
 * @param users by name; empty: everybody may connect and publish
 * @param maxMessageBytes longest packet
 * @param maxInFlight most messages of one connection that may wait for their commit; one more and it is closed
 * @param maxConnections most connections at a time; one more is refused
 */
public record MqttAccess(Map<String, User> users, int maxMessageBytes, int maxInFlight, int maxConnections) {
    /** Everybody; 256 KiB; 1000; 10 000. */
    public static final MqttAccess DEFAULT = new MqttAccess(Map.of(), 256 * 1024, 1000, 10_000);

    /** Copies the map. */
    public MqttAccess {
        users = Map.copyOf(users);
    }

    /**
     * Who may connect.
     *
     * @param password or null: only with a certificate
     * @param certificate whether a client certificate with the user's name as its common name is enough
     * @param publish filters of the topics that the user may publish to; empty: all
     */
    public record User(@Nullable Secret password, boolean certificate, List<String> publish) {
        /** Copies the list. */
        public User {
            publish = List.copyOf(publish);
        }

        /** Whether the user may publish to this topic. */
        public boolean mayPublish(String topic) {
            if (publish.isEmpty()) {
                return true;
            }
            for (String filter : publish) {
                if (TopicFilter.matches(filter, topic)) {
                    return true;
                }
            }
            return false;
        }
    }
}
