package de.freiraum.ingest.config;

import de.freiraum.config.Secret;
import de.freiraum.ingest.envelope.Envelope;
import de.freiraum.ingest.mapping.Device;
import de.freiraum.ingest.mapping.Mapping;
import de.freiraum.ingest.validation.Policy;
import de.freiraum.model.Tenant;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where messages come from and what is made of them.
 *
 * @param id its name in paths, metrics and dead letters
 * @param tenant whose entities its messages change
 * @param envelope how its messages are wrapped
 * @param topics topic filters at the built-in MQTT endpoint; empty: none
 * @param broker an MQTT broker to subscribe at, or null
 * @param webhook whether messages are taken by HTTP, and from whom, or null
 * @param poll an HTTP interface to be asked, or null
 * @param devices its devices by id
 * @param mappings its mappings by model
 * @param validation what becomes of messages whose entities break the rules of their data models
 */
public record SourceDefinition(
        String id,
        Tenant tenant,
        Envelope envelope,
        List<String> topics,
        @Nullable Broker broker,
        @Nullable Webhook webhook,
        @Nullable PollDefinition poll,
        Map<String, Device> devices,
        Map<String, Mapping> mappings,
        Policy validation) {

    /** Copies the collections. */
    public SourceDefinition {
        topics = List.copyOf(topics);
        devices = Map.copyOf(devices);
        mappings = Map.copyOf(mappings);
    }

    /**
     * An MQTT broker to subscribe at.
     *
     * @param url {@code mqtt://host:1883} or {@code mqtts://host:8883}
     * @param topics topic filters
     * @param qos 0, 1 or 2
     * @param clientId as which to connect; null: see {@link #clientId(String, String)}
     * @param username or null
     * @param password or null
     */
    public record Broker(
            URI url,
            List<String> topics,
            int qos,
            @Nullable String clientId,
            @Nullable String username,
            @Nullable Secret password) {
        /** Copies the list. */
        public Broker {
            topics = List.copyOf(topics);
        }

        /**
         * As which to connect. It stays the same from start to start, so that the broker keeps messages meanwhile; and where processes share a
         * subscription, it is another one for each of them, since a broker has one connection for an identifier.
         *
         * @param source the source's id
         * @param process names this process among those that share
         */
        public String clientId(String source, String process) {
            String own = "freiraum-" + source;
            return clientId != null ? clientId : isShared() ? own + "-" + process : own;
        }

        private boolean isShared() {
            return topics.stream().anyMatch(topic -> topic.startsWith("$share/"));
        }
    }

    /**
     * HTTP requests to {@code /ingest/{source}}.
     *
     * @param apiKey what the {@code X-API-Key} header, the bearer token or the {@code key} parameter must be; null: anything
     * @param signature how the sender signs the body, or null: it does not
     */
    public record Webhook(@Nullable Secret apiKey, @Nullable Signature signature) {}

    /** A listed device, or null. */
    public @Nullable Device device(String deviceId) {
        return devices.get(deviceId);
    }

    /** The mapping for a model, or null. */
    public @Nullable Mapping mapping(String model) {
        return mappings.get(model.toLowerCase(Locale.ROOT));
    }
}
