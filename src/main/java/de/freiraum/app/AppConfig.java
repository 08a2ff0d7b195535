package de.freiraum.app;

import de.freiraum.aggregate.AggregateConfig;
import de.freiraum.broker.EntityMaps;
import de.freiraum.broker.snapshots.SnapshotLimits;
import de.freiraum.catalog.CatalogConfig;
import de.freiraum.config.Default;
import de.freiraum.config.Range;
import de.freiraum.config.Secret;
import de.freiraum.egress.AddressBlock;
import de.freiraum.egress.AddressPolicy;
import de.freiraum.http.HttpSettings;
import de.freiraum.notify.live.LiveSettings;
import de.freiraum.ops.RequestLog;
import de.freiraum.query.TextPattern;
import de.freiraum.retention.RetentionRule;
import de.freiraum.store.embedded.Durability;
import de.freiraum.store.mongodb.MongoOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All settings of a server. The components' names are the keys of the file; docs/configuration.md explains each.
 *
 * @param http the HTTP server
 * @param mqtt the built-in MQTT endpoint
 * @param dataDir where the embedded store keeps its files
 * @param store which store
 * @param mongodb the MongoDB deployment
 * @param durability when a change counts as committed, with the embedded store
 * @param history the temporal evolution of entities
 * @param open whether everybody may do everything, for trials on loopback
 * @param ingest file or folder with sources, devices and mappings
 * @param security who may do what
 * @param outbound outbound requests
 * @param entityMaps how many entity maps are kept, and how long
 * @param aggregate totals and windows
 * @param notifications what waits for receivers
 * @param snapshots what snapshots may take
 * @param live the stream of changes
 * @param dashboard what the dashboard shows
 * @param catalog how the data is published
 * @param stopWithin the longest time for an orderly stop
 */
public record AppConfig(
        Http http,
        Mqtt mqtt,
        @Default("data") Path dataDir,
        @Default("embedded") Store store,
        MongoDb mongodb,
        @Default("sync") Durability durability,
        History history,
        @Default("false") boolean open,
        Optional<Path> ingest,
        SecuritySettings security,
        Outbound outbound,
        EntityMapLimits entityMaps,
        AggregateConfig aggregate,
        Notifications notifications,
        Snapshots snapshots,
        Live live,
        Dashboard dashboard,
        CatalogConfig catalog,
        @Default("20s") Duration stopWithin) {

    /** Which store. */
    public enum Store {
        /** In this process, with files in the data directory. */
        EMBEDDED,
        /** A MongoDB deployment. */
        MONGODB
    }

    /** Refuses MongoDB without a place. */
    public AppConfig {
        if (store == Store.MONGODB && mongodb.uri().isEmpty()) {
            throw new IllegalArgumentException(
                    "store: mongodb needs mongodb.uri, such as mongodb://db1,db2,db3/freiraum?replicaSet=rs0");
        }
    }

    /**
     * The MongoDB deployment.
     *
     * @param uri connection string of a replica set or sharded cluster
     * @param patience how long a request waits for a deployment that does not answer
     */
    public record MongoDb(
            Optional<Secret> uri, @Default("8s") Duration patience) {
        /** Refuses what is no connection string. */
        public MongoDb {
            uri.ifPresent(given -> MongoOptions.at(given.value(), InstantSource.system()));
        }

        MongoOptions options(InstantSource clock) {
            return MongoOptions.at(uri.orElseThrow().value(), clock).withPatience(patience);
        }
    }

    /**
     * The HTTP server.
     *
     * @param host address to listen on; if absent all addresses, or loopback only when {@code open}
     * @param port port, or 0 for any free one
     * @param publicUrl by which clients reach it
     * @param loops event loops; 0: as many as there are processors
     * @param accessLog which requests are logged
     * @param maxBodyBytes the largest request body
     * @param corsOrigins origins whose pages may use the interface from a browser
     * @param defaultPageSize elements on a page when nothing is said
     * @param maxPageSize the most elements on a page
     * @param maxBatchSize the most entities in a batch
     * @param splitEntities whether one entity may be split between brokers when a query does not say
     * @param sharedCache for how long caches between the server and many clients may answer for it; 0: they ask each time
     * @param rateLimit how often a client may ask
     * @param tls the certificate, if the server itself speaks HTTPS
     * @param maxMembers the most members of one object in a body, such as an entity's attributes
     * @param queryTime how long a query of entities may take
     * @param shedAbove the share of the heap, in percent, from which on requests are turned away
     */
    public record Http(
            Optional<String> host,
            @Default("1026") @Range(min = 0, max = 65535) int port,
            Optional<URI> publicUrl,
            @Default("0") @Range(min = 0, max = 256) int loops,
            @Default("errors") RequestLog.Level accessLog,

            @Default("1048576") @Range(min = 1024, max = 67108864)
            int maxBodyBytes,

            @Default("*") List<String> corsOrigins,
            @Default("20") @Range(min = 1, max = 10000) int defaultPageSize,
            @Default("1000") @Range(min = 1, max = 10000) int maxPageSize,
            @Default("10000") @Range(min = 1, max = 1000000) int maxBatchSize,
            @Default("false") boolean splitEntities,
            @Default("5s") Duration sharedCache,
            RateLimit rateLimit,
            Tls tls,
            @Default("2000") @Range(min = 16, max = 1000000) int maxMembers,
            @Default("10s") Duration queryTime,
            @Default("90") @Range(min = 10, max = 100) int shedAbove) {

        /**
         * A certificate and its key, which are read again when they change.
         *
         * @param certificate PEM file with the certificate, and those of its authorities; absent: the server speaks HTTP
         * @param key PEM file with the private key
         */
        public record Tls(Optional<Path> certificate, Optional<Path> key) {
            /** Refuses one without the other and what cannot be read. */
            public Tls {
                if (certificate.isPresent() != key.isPresent()) {
                    throw new IllegalArgumentException("certificate and key: both are needed, or none");
                }
                certificate.ifPresent(AppConfig::requireReadable);
                key.ifPresent(AppConfig::requireReadable);
            }
        }

        /**
         * How often a client may ask.
         *
         * @param requests in a window; 0: as often as it likes
         * @param requestsPerKey of the holder of a key or token in a window; 0: as often as it likes
         * @param window in which as many more become possible
         * @param maxClients clients that are known at a time
         * @param proxies how many trusted proxies each request passes; 0: none, X-Forwarded-For is not read
         */
        public record RateLimit(
                @Default("0") @Range(min = 0, max = 10000000)
                int requests,

                @Default("0") @Range(min = 0, max = 10000000)
                int requestsPerKey,

                @Default("1m") Duration window,

                @Default("10000") @Range(min = 16, max = 10000000)
                int maxClients,

                @Default("0") @Range(min = 0, max = 10) int proxies) {
            /** Refuses a window shorter than the second that headers count in. */
            public RateLimit {
                if (window.compareTo(Duration.ofSeconds(1)) < 0) {
                    throw new IllegalArgumentException("window must be at least 1s");
                }
            }
        }

        /** Refuses a negative age. */
        public Http {
            if (sharedCache.isNegative()) {
                throw new IllegalArgumentException("sharedCache must be 0 or more");
            }
            if (queryTime.toMillis() < 1) {
                throw new IllegalArgumentException("queryTime must be more than 0");
            }
        }

        HttpSettings settings() {
            return new HttpSettings(
                    maxBodyBytes,
                    corsOrigins,
                    defaultPageSize,
                    maxPageSize,
                    maxBatchSize,
                    sharedCache,
                    splitEntities,
                    maxMembers);
        }
    }

    /**
     * Entity maps (clause 5.14), which are kept in memory.
     *
     * @param lifetime how long a map lives when the client suggests nothing
     * @param maxLifetime the longest that a client can have
     * @param maxMaps the most maps of a tenant
     * @param maxEntities the most entities in the maps of a tenant together
     */
    public record EntityMapLimits(
            @Default("10m") Duration lifetime,
            @Default("24h") Duration maxLifetime,
            @Default("1000") @Range(min = 1, max = 1000000) int maxMaps,

            @Default("200000") @Range(min = 1, max = 100000000)
            int maxEntities) {

        EntityMaps.Limits limits() {
            return new EntityMaps.Limits(lifetime, maxLifetime, maxMaps, maxEntities);
        }
    }

    /**
     * The temporal evolution of entities.
     *
     * @param mostInstances how many attribute instances an answer has at the most, before it is cut in time (clause 6.3.10)
     * @param deleteWithEntity whether deleting an entity deletes its evolution; if not, its deletion becomes part of it
     * @param retention how long it is kept; of what no rule is for, for ever
     * @param retentionEvery how often what is old enough is rolled up
     */
    public record History(
            @Default("30") @Range(min = 1, max = 1000000) int mostInstances,
            @Default("false") boolean deleteWithEntity,
            List<RetentionRule> retention,
            @Default("10m") Duration retentionEvery) {
        /** Refuses an interval that is none. */
        public History {
            if (retentionEvery.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("retentionEvery must be at least 1s");
            }
        }
    }

    private static void requireReadable(Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(file + " cannot be read");
        }
    }

    /**
     * The built-in MQTT endpoint.
     *
     * @param enabled whether there is one
     * @param host address to listen on; if absent all addresses if users are configured, otherwise loopback only
     * @param port port, or 0 for any free one
     * @param tls certificate, if clients are to come by TLS
     */
    public record Mqtt(
            @Default("true") boolean enabled,
            Optional<String> host,
            @Default("1883") @Range(min = 0, max = 65535) int port,
            Certificates tls) {

        /** Whether clients need a certificate. */
        public enum Clients {
            /** They may have one. */
            OPTIONAL,
            /** None is let in without one. */
            REQUIRED
        }

        /**
         * Files that are read again when they change.
         *
         * @param certificate PEM file with the certificate, and those of its authorities; absent: without TLS
         * @param key PEM file with the private key
         * @param trust PEM file with the authorities of client certificates; absent: clients have none
         * @param clients whether they need one
         */
        public record Certificates(
                Optional<Path> certificate,
                Optional<Path> key,
                Optional<Path> trust,
                @Default("optional") Clients clients) {
            /** Refuses one without the other and what cannot be read. */
            public Certificates {
                if (certificate.isPresent() != key.isPresent()) {
                    throw new IllegalArgumentException("certificate and key: both are needed, or none");
                }
                if (trust.isPresent() && certificate.isEmpty()) {
                    throw new IllegalArgumentException("trust: a certificate of the server is needed too");
                }
                if (clients == Clients.REQUIRED && trust.isEmpty()) {
                    throw new IllegalArgumentException("clients: required needs trust, the authorities of the clients");
                }
                certificate.ifPresent(AppConfig::requireReadable);
                key.ifPresent(AppConfig::requireReadable);
                trust.ifPresent(AppConfig::requireReadable);
            }
        }
    }

    /**
     * Outbound requests: notifications, remote contexts and other brokers.
     *
     * @param allow blocks of addresses that they may go to though they are not public, such as {@code 10.1.0.0/16}
     * @param allowPrivate whether they may go to loopback and all private addresses; always so when {@code open}
     */
    public record Outbound(
            List<String> allow, @Default("false") boolean allowPrivate) {
        /** Refuses what is no block. */
        public Outbound {
            allow.forEach(AddressBlock::parse);
        }

        AddressPolicy policy(boolean open) {
            return new AddressPolicy(
                    open || allowPrivate,
                    allow.stream().map(AddressBlock::parse).toList());
        }
    }

    /**
     * What waits for receivers.
     *
     * @param keptPerSubscription the most changes that are kept for a subscription with guaranteed delivery; beyond it the oldest is given up
     */
    public record Notifications(
            @Default("10000") @Range(min = 1, max = 10000000)
            int keptPerSubscription) {}

    /**
     * What snapshots may take.
     *
     * @param perTenant the most snapshots of one tenant
     * @param entities the most entities and evolutions in one snapshot
     * @param lifetime the longest life of a snapshot, and how long one lives of which nothing is said
     */
    public record Snapshots(
            @Default("10") @Range(min = 1, max = 10000) int perTenant,

            @Default("100000") @Range(min = 1, max = 100000000)
            int entities,

            @Default("1d") Duration lifetime) {

        SnapshotLimits limits() {
            return new SnapshotLimits(perTenant, entities, lifetime);
        }
    }

    /**
     * The stream of changes.
     *
     * @param maxClients connections at a time
     * @param remembered changes kept in memory for clients that come back
     * @param waitingPerClient entities that may wait for a slow client before it has to begin anew
     * @param heartbeat how often something is sent when nothing happens
     * @param replayed the most entities read from the store for a client that comes back late
     */
    public record Live(
            @Default("500") @Range(min = 1, max = 100000) int maxClients,
            @Default("10000") @Range(min = 1, max = 1000000) int remembered,
            @Default("1000") @Range(min = 1, max = 100000) int waitingPerClient,
            @Default("15s") Duration heartbeat,

            @Default("10000") @Range(min = 0, max = 10000000)
            int replayed) {
        /** Refuses a heart that does not beat. */
        public Live {
            if (heartbeat.isNegative() || heartbeat.isZero()) {
                throw new IllegalArgumentException("heartbeat must be more than 0");
            }
        }

        LiveSettings settings(List<String> hiddenTypes, Set<String> hiddenAttributes) {
            return new LiveSettings(
                    Set.copyOf(hiddenTypes),
                    hiddenAttributes,
                    maxClients,
                    remembered,
                    waitingPerClient,
                    heartbeat,
                    replayed);
        }
    }

    /**
     * What the dashboard shows.
     *
     * @param title name of the installation
     * @param cities in the order of the page; empty: the default tenant
     * @param imprint page with the operator's address
     * @param privacy page with the privacy statement
     * @param accessibility page with the accessibility statement
     * @param simulated whether to say that the data is made up
     * @param tiles server of map images
     * @param background streets and areas for the map, as a file
     * @param embedOrigins origins whose pages may show the widgets
     */
    public record Dashboard(
            @Default("Freiraum") String title,
            List<City> cities,
            Optional<URI> imprint,
            Optional<URI> privacy,
            Optional<URI> accessibility,
            @Default("false") boolean simulated,
            Tiles tiles,
            Background background,
            @Default("*") List<String> embedOrigins) {

        /** Refuses origins that would end up as something else in a header. */
        public Dashboard {
            for (String origin : embedOrigins) {
                if (!origin.matches("\\*|'self'|https?://[^\\s;,/'\"]+")) {
                    throw new IllegalArgumentException(
                            "embedOrigins: allowed are *, 'self' and origins such as https://www.example.org");
                }
            }
        }

        /**
         * A city.
         *
         * @param tenant where its data is
         * @param name for people
         * @param idPattern regular expression for the ids of its entities, where several cities share a tenant
         */
        public record City(@Default("") String tenant, String name, Optional<String> idPattern) {
            /** Refuses what is no regular expression. */
            public City {
                idPattern.ifPresent(given -> TextPattern.of("idPattern", given));
            }
        }

        /**
         * A server of map images.
         *
         * @param url with {z}, {x} and {y}; absent: there is none
         * @param attribution whose map it is
         * @param maxZoom the closest zoom that it has images for
         */
        public record Tiles(
                Optional<String> url,
                @Default("") String attribution,
                @Default("18") @Range(min = 1, max = 22) int maxZoom) {
            /** Refuses a URL without the places of an image, or of another kind. */
            public Tiles {
                url.ifPresent(given -> {
                    if (!given.matches("(https?://(\\{s}\\.)?[^/\\s;,{}'\"]+)?/\\S*")
                            || !given.contains("{z}")
                            || !given.contains("{x}")
                            || !given.contains("{y}")) {
                        throw new IllegalArgumentException(
                                "url: allowed is an address such as https://tiles.example.org/{z}/{x}/{y}.png");
                    }
                });
            }
        }

        /**
         * Streets and areas for the map.
         *
         * @param file GeoJSON; absent: there is none
         * @param attribution whose data it is
         */
        public record Background(
                Optional<Path> file, @Default("") String attribution) {
            /** Refuses a file that cannot be read. */
            public Background {
                file.ifPresent(given -> {
                    if (!Files.isReadable(given)) {
                        throw new IllegalArgumentException("file: " + given + " cannot be read");
                    }
                });
            }
        }
    }
}
