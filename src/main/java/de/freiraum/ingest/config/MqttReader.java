package de.freiraum.ingest.config;

import de.freiraum.config.Secret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what concerns MQTT: the users of the built-in endpoint, topics and brokers. */
final class MqttReader {
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(365);
    private static final Duration LONGEST_KEEP_ALIVE = Duration.ofSeconds(65_535);

    private final Secrets secrets;
    private final Function<String, Path> paths;

    /**
     * A reader.
     *
     * @param paths where the files are that a configuration names
     */
    MqttReader(Secrets secrets, Function<String, Path> paths) {
        this.secrets = secrets;
        this.paths = paths;
    }

    /** The users and limits of the built-in endpoint. */
    MqttAccess access(YamlNode node) {
        node.allow("users", "maxMessageBytes", "maxInFlight", "maxConnections");
        Map<String, MqttAccess.User> users = new HashMap<>();
        for (YamlNode user : node.items("users")) {
            String name = user.required("name");
            if (users.putIfAbsent(name, user(user)) != null) {
                user.problem("there is a user of this name already");
            }
        }
        MqttAccess otherwise = MqttAccess.DEFAULT;
        return new MqttAccess(
                users,
                node.whole("maxMessageBytes", 1024, 64 * 1024 * 1024, otherwise.maxMessageBytes()),
                node.whole("maxInFlight", 1, 65535, otherwise.maxInFlight()),
                node.whole("maxConnections", 1, 1_000_000, otherwise.maxConnections()));
    }

    private MqttAccess.User user(YamlNode node) {
        node.allow("name", "password", "certificate", "publish");
        Secret password = secrets.secret(node, "password");
        boolean certificate = node.truth("certificate", false);
        if (node.get("password") == null && !certificate) {
            node.missing("password is required, or certificate: true", "password", "certificate");
        }
        List<String> publish = ownTopics(node, "publish");
        if (node.get("publish") != null && node.items("publish").isEmpty()) {
            node.problem("publish must name at least one topic filter; without it the user may publish to all topics");
        }
        return new MqttAccess.User(password, certificate, publish);
    }

    /** The topic filters of a source at the built-in endpoint. */
    List<String> topics(@Nullable YamlNode node) {
        if (node == null) {
            return List.of();
        }
        node.allow("topics");
        requireTopics(node);
        return ownTopics(node, "topics");
    }

    private static void requireTopics(YamlNode node) {
        if (node.items("topics").isEmpty()) {
            node.missing("topics is required", "topics");
        }
    }

    private static List<String> ownTopics(YamlNode node, String name) {
        for (YamlNode item : node.items(name)) {
            String filter = item.asText();
            if (filter != null && TopicFilter.isShared(filter)) {
                item.problem("$share is for subscriptions at a broker");
            }
        }
        return topicFilters(node, name);
    }

    private static List<String> topicFilters(YamlNode node, String name) {
        List<String> topics = new ArrayList<>();
        for (YamlNode item : node.items(name)) {
            String filter = item.asText();
            if (filter != null && TopicFilter.isValid(filter)) {
                topics.add(filter);
            } else if (filter != null) {
                item.problem("must be an MQTT topic filter; + stands alone in a level, # alone in the last,"
                        + " and behind $share/ comes a group and then the filter");
            }
        }
        return topics;
    }

    /** A broker to subscribe at, or null. */
    SourceDefinition.@Nullable Broker broker(@Nullable YamlNode node) {
        if (node == null) {
            return null;
        }
        node.allow(
                "url",
                "version",
                "topics",
                "qos",
                "clientId",
                "username",
                "password",
                "sessionExpiry",
                "keepAlive",
                "tls");
        requireTopics(node);
        List<URI> urls = urls(node);
        SourceDefinition.Broker.Version version = node.parsed("version", MqttReader::version);
        boolean five = version == SourceDefinition.Broker.Version.V5;
        YamlNode expiry = node.get("sessionExpiry");
        if (expiry != null && !five) {
            expiry.problem("is for version: 5; with 3.1.1 the broker alone decides");
        }
        return new SourceDefinition.Broker(
                urls.isEmpty() ? List.of(URI.create("mqtt://localhost:1883")) : urls,
                version == null ? SourceDefinition.Broker.Version.V3_1_1 : version,
                topicFilters(node, "topics"),
                node.whole("qos", 0, 2, 1),
                secrets.text(node, "clientId"),
                node.text("username"),
                secrets.secret(node, "password"),
                duration(node, "sessionExpiry", SourceDefinition.Broker.SESSION_EXPIRY, LONGEST_EXPIRY),
                duration(node, "keepAlive", SourceDefinition.Broker.KEEP_ALIVE, LONGEST_KEEP_ALIVE),
                tls(node.get("tls"), urls));
    }

    private static List<URI> urls(YamlNode node) {
        List<URI> urls = new ArrayList<>();
        for (YamlNode item : node.items("url")) {
            URI url = item.parsed(text -> {
                URI uri = URI.create(text);
                if (uri.getHost() != null && ("mqtt".equals(uri.getScheme()) || "mqtts".equals(uri.getScheme()))) {
                    return uri;
                }
                throw new IllegalArgumentException("must be mqtt://host:port or mqtts://host:port");
            });
            if (url != null) {
                urls.add(url);
            }
        }
        if (node.items("url").isEmpty()) {
            node.missing("url is required", "url");
        }
        return urls;
    }

    private static SourceDefinition.Broker.Version version(String text) {
        return switch (text) {
            case "3.1.1" -> SourceDefinition.Broker.Version.V3_1_1;
            case "5", "5.0" -> SourceDefinition.Broker.Version.V5;
            default -> throw new IllegalArgumentException("must be 3.1.1 or 5");
        };
    }

    private static Duration duration(YamlNode node, String name, Duration otherwise, Duration longest) {
        Duration duration = node.duration(name, otherwise);
        YamlNode given = node.get(name);
        if (given != null && (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(longest) > 0)) {
            given.problem("must be from PT1S to " + longest);
        }
        return duration;
    }

    private SourceDefinition.Broker.Tls tls(@Nullable YamlNode node, List<URI> urls) {
        if (node == null) {
            return SourceDefinition.Broker.Tls.DEFAULT;
        }
        node.allow("trust", "certificate", "key");
        if (urls.stream().anyMatch(url -> "mqtt".equals(url.getScheme()))) {
            node.problem("is for mqtts:// only");
        }
        Path certificate = file(node, "certificate");
        Path key = file(node, "key");
        if ((node.get("certificate") == null) != (node.get("key") == null)) {
            node.missing("certificate and key: both are needed, or none", "certificate", "key");
        }
        return new SourceDefinition.Broker.Tls(file(node, "trust"), certificate, key);
    }

    private @Nullable Path file(YamlNode node, String name) {
        return node.parsed(name, text -> {
            Path path;
            try {
                path = paths.apply(text);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("is no file name", e);
            }
            if (!Files.isReadable(path)) {
                throw new IllegalArgumentException("the file cannot be read");
            }
            return path;
        });
    }
}
