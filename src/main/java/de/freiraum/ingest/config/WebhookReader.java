package de.freiraum.ingest.config;

import de.freiraum.config.Secret;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code webhook}: who may send messages by HTTP. */
final class WebhookReader {
    private static final String NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}";

    private final Secrets secrets;

    WebhookReader(Secrets secrets) {
        this.secrets = secrets;
    }

    SourceDefinition.@Nullable Webhook read(@Nullable YamlNode node) {
        if (node == null) {
            return null;
        }
        node.allow("apiKey", "signature");
        return new SourceDefinition.Webhook(secrets.secret(node, "apiKey"), signature(node.get("signature")));
    }

    private @Nullable Signature signature(@Nullable YamlNode node) {
        if (node == null) {
            return null;
        }
        node.allow("secret", "header", "prefix", "encoding", "algorithm");
        Secret secret = secrets.secret(node, "secret");
        if (node.get("secret") == null) {
            node.missing("secret is required: the key that the sender signs with", "secret");
        } else if (secret != null && secret.value().isEmpty()) {
            node.problem("secret must not be empty");
        }
        String header = node.parsed("header", text -> {
            if (!text.matches(NAME)) {
                throw new IllegalArgumentException("must be the name of a header, such as X-Hub-Signature-256");
            }
            return text;
        });
        if (node.get("header") == null) {
            node.missing("header is required: where the signature is, such as X-Hub-Signature-256", "header");
        }
        String prefix = node.text("prefix");
        Signature.Encoding encoding = node.parsed("encoding", text -> word(Signature.Encoding.values(), text));
        Signature.Algorithm algorithm = node.parsed("algorithm", text -> word(Signature.Algorithm.values(), text));
        return secret == null || header == null
                ? null
                : new Signature(
                        secret,
                        header,
                        prefix == null ? "" : prefix,
                        encoding == null ? Signature.Encoding.HEX : encoding,
                        algorithm == null ? Signature.Algorithm.SHA256 : algorithm);
    }

    /** The constant that a word in small letters names. */
    static <E extends Enum<E>> E word(E[] all, String text) {
        List<String> words =
                Arrays.stream(all).map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
        int index = words.indexOf(text);
        if (index < 0) {
            throw new IllegalArgumentException("must be one of " + String.join(", ", words));
        }
        return all[index];
    }
}
