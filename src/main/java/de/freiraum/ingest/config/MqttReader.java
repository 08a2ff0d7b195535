package de.freiraum.ingest.config;

import de.freiraum.config.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what concerns MQTT: the users of the built-in endpoint, topics and brokers. */
final class MqttReader {
    private final Secrets secrets;

    MqttReader(Secrets secrets) {
        this.secrets = secrets;
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
        node.allow("url", "topics", "qos", "clientId", "username", "password");
        URI url = node.parsed("url", text -> {
            URI uri = URI.create(text);
            if (uri.getHost() != null && ("mqtt".equals(uri.getScheme()) || "mqtts".equals(uri.getScheme()))) {
                return uri;
            }
            throw new IllegalArgumentException("must be mqtt://host:port or mqtts://host:port");
        });
        if (node.get("url") == null) {
            node.missing("url is required", "url");
        }
        requireTopics(node);
        List<String> topics = topicFilters(node, "topics");
        return new SourceDefinition.Broker(
                url == null ? URI.create("mqtt://localhost:1883") : url,
                topics,
                node.whole("qos", 0, 2, 1),
                secrets.text(node, "clientId"),
                node.text("username"),
                secrets.secret(node, "password"));
    }
}
