package de.freiraum.ingest.config;

import de.freiraum.config.Secret;
import de.freiraum.ingest.envelope.Envelope;
import de.freiraum.ingest.mapping.Device;
import de.freiraum.ingest.mapping.Mapping;
import de.freiraum.ingest.validation.Policy;
import de.freiraum.model.Tenant;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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
     * @param urls {@code mqtt://host:1883} or {@code mqtts://host:8883}; several are addresses of the same broker, tried in turn
     * @param version 3.1.1 or 5
     * @param topics topic filters
     * @param qos 0, 1 or 2
     * @param clientId as which to connect; null: see {@link #clientId(String, String)}
     * @param username or null
     * @param password or null
     * @param sessionExpiry how long a broker of MQTT 5 keeps messages while we are away
     * @param keepAlive after how long without a word a connection is looked after
     * @param tls what TLS needs beyond what Java trusts
     */
    public record Broker(
            List<URI> urls,
            Version version,
            List<String> topics,
            int qos,
            @Nullable String clientId,
            @Nullable String username,
            @Nullable Secret password,
            Duration sessionExpiry,
            Duration keepAlive,
            Tls tls) {
        /** How long a broker keeps messages unless something else is asked for. */
        public static final Duration SESSION_EXPIRY = Duration.ofDays(7);

        /** After how long without a word a connection is looked after unless something else is asked for. */
        public static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

        /** Versions of the protocol. */
        public enum Version {
            /** MQTT 3.1.1. */
            V3_1_1(4),
            /** MQTT 5. */
            V5(5);

            private final int level;

            Version(int level) {
                this.level = level;
            }

            /** The number by which the protocol names it. */
            public int level() {
                return level;
            }
        }

        /**
         * PEM files, read at each connection.
         *
         * @param trust authorities of the broker's certificate; null: those that Java trusts
         * @param certificate of this client, or null
         * @param key its private key, or null
         */
        public record Tls(
                @Nullable Path trust,
                @Nullable Path certificate,
                @Nullable Path key) {
            /** Nothing beyond what Java trusts. */
            public static final Tls DEFAULT = new Tls(null, null, null);
        }

        /** Copies the lists. */
        public Broker {
            urls = List.copyOf(urls);
            topics = List.copyOf(topics);
        }

        /** A broker of MQTT 3.1.1 without credentials. */
        public static Broker at(URI url, List<String> topics, int qos) {
            return new Broker(
                    List.of(url),
                    Version.V3_1_1,
                    topics,
                    qos,
                    null,
                    null,
                    null,
                    SESSION_EXPIRY,
                    KEEP_ALIVE,
                    Tls.DEFAULT);
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
            return topics.stream().anyMatch(TopicFilter::isShared);
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
