package de.freiraum.ingest.mqtt;

import de.freiraum.config.Secret;
import de.freiraum.ingest.config.MqttAccess;
import io.vertx.mqtt.MqttAuth;
import io.vertx.mqtt.MqttEndpoint;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Finds out who a client is. */
final class MqttUsers {
    private MqttUsers() {}

    /** The name of the user; empty text where no users are listed and everybody may connect; empty if the client is nobody. */
    static Optional<String> identify(MqttAccess access, MqttEndpoint client) {
        if (access.users().isEmpty()) {
            return Optional.of("");
        }
        String certified = commonName(client);
        MqttAuth auth = client.auth();
        String name = auth == null || auth.getUsername() == null ? certified : auth.getUsername();
        if (name == null) {
            return Optional.empty();
        }
        MqttAccess.User user = access.users().get(name);
        if (user == null) {
            return Optional.empty();
        }
        boolean known = (user.certificate() && name.equals(certified))
                || (auth != null && matches(user.password(), auth.getPassword()));
        return known ? Optional.of(name) : Optional.empty();
    }

    private static boolean matches(@Nullable Secret wanted, @Nullable String given) {
        return wanted != null
                && given != null
                && MessageDigest.isEqual(
                        wanted.value().getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    /** The common name in the client's certificate, which the handshake has verified; null without one. */
    private static @Nullable String commonName(MqttEndpoint client) {
        SSLSession session = client.isSsl() ? client.sslSession() : null;
        if (session == null) {
            return null;
        }
        try {
            if (session.getPeerCertificates()[0] instanceof X509Certificate certificate) {
                for (Rdn part :
                        new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                    if (part.getType().equalsIgnoreCase("CN")) {
                        return part.getValue().toString();
                    }
                }
            }
        } catch (SSLPeerUnverifiedException | InvalidNameException without) {
            return null;
        }
        return null;
    }
}
