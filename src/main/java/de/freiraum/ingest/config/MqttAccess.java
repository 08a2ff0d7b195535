package de.freiraum.ingest.config;

import de.freiraum.config.Secret;
import java.util.Map;

/**
 * How the built-in MQTT endpoint treats its clients.
 *
 * @param users passwords by name; empty: everybody may connect
 * @param maxMessageBytes longest packet
 * @param maxInFlight most messages of one connection that may wait for their commit; one more and it is closed
 */
public record MqttAccess(Map<String, Secret> users, int maxMessageBytes, int maxInFlight) {
    /** Everybody; 256 KiB; 1000. */
    public static final MqttAccess DEFAULT = new MqttAccess(Map.of(), 256 * 1024, 1000);

    /** Copies the map. */
    public MqttAccess {
        users = Map.copyOf(users);
    }
}
