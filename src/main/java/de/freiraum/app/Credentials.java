package de.freiraum.app;

import de.freiraum.egress.AddressPolicy;
import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressRequest;
import de.freiraum.egress.EgressResponse;
import de.freiraum.egress.EgressSettings;
import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import de.freiraum.security.AccessPolicy;
import de.freiraum.security.ApiKey;
import de.freiraum.security.KeyFile;
import de.freiraum.security.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the credentials current: notices when the key file has changed, and fetches the public keys of the OpenID Connect provider from time to time and
 * when a token names one that is not known yet.
 */
final class Credentials {
    private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration FETCH = Duration.ofSeconds(5);
    /** Tokens that somebody made up must not make the server ask the provider at each request. */
    private static final Duration MIN_BETWEEN = Duration.ofSeconds(5);

    private static final int MAX_BYTES = 1 << 20;

    private final Vertx vertx;
    private final SecuritySettings.Oidc oidc;
    private final KeyFile file;
    private final InstantSource clock;
    private final @Nullable TokenVerifier tokens;
    private final AccessPolicy policy;
    private final Egress egress;
    private volatile @Nullable FileTime seen;
    private volatile boolean issuerKnown;
    private Instant askedAt = Instant.MIN;
    private @Nullable Future<Void> asking;

    Credentials(Vertx vertx, AppConfig config, InstantSource clock) {
        SecuritySettings security = config.security();
        this.vertx = vertx;
        this.oidc = security.oidc();
        this.file = new KeyFile(security.keyFile(config.dataDir()));
        this.clock = clock;
        this.tokens = oidc.settings()
                .map(settings -> new TokenVerifier(settings, clock))
                .orElse(null);
        this.policy = new AccessPolicy(security.config(config.open()), tokens, clock);
        // The provider is named by the operator, not by a client, so that it may be in a private network.
        this.egress = new Egress(vertx, EgressSettings.DEFAULT.withAddresses(AddressPolicy.WITH_PRIVATE));
    }

    /** Who may do what, now. */
    AccessPolicy policy() {
        return policy;
    }

    /** Why tokens cannot be verified, or null. */
    @Nullable
    String fault() {
        return tokens == null || issuerKnown
                ? null
                : "the public keys of the OpenID Connect provider are not known yet";
    }

    /** Reads everything for the first time and goes on doing so; fails if the key file cannot be read. */
    Future<Void> start() {
        vertx.setPeriodic(LOOK.toMillis(), tick -> readKeys()
                .onFailure(e -> LOG.warn("the keys stay as they were: {}", e.getMessage())));
        if (tokens != null) {
            vertx.setPeriodic(oidc.refresh().toMillis(), tick -> fetch());
            fetch();
        }
        return readKeys();
    }

    Future<Void> close() {
        return egress.close();
    }

    /** Gets ready for a request whose token names a key that is not known. @return null if there is nothing to wait for; never fails */
    @Nullable
    Future<Void> prepare(HttpServerRequest request) {
        if (tokens == null) {
            return null;
        }
        String shown = request.getHeader("Authorization");
        if (shown == null || !shown.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return null;
        }
        String token = shown.substring(7).trim();
        return TokenVerifier.isToken(token) && tokens.lacksKeyOf(token) ? onDemand() : null;
    }

    private synchronized @Nullable Future<Void> onDemand() {
        Instant now = clock.instant();
        if (asking != null && !asking.isComplete()) {
            return asking;
        }
        if (askedAt.plus(MIN_BETWEEN).isAfter(now)) {
            return null;
        }
        askedAt = now;
        asking = fetch();
        return asking;
    }

    private Future<Void> readKeys() {
        return vertx.executeBlocking(this::readIfChanged).map(done -> null);
    }

    private boolean readIfChanged() throws IOException {
        FileTime modified = Files.exists(file.path()) ? Files.getLastModifiedTime(file.path()) : FileTime.fromMillis(0);
        if (modified.equals(seen)) {
            return false;
        }
        List<ApiKey> keys = file.read();
        policy.useKeys(keys);
        seen = modified;
        if (!keys.isEmpty()) {
            LOG.info("{} keys of {} are in use", keys.size(), file.path());
        }
        return true;
    }

    private Future<Void> fetch() {
        TokenVerifier verifier = Objects.requireNonNull(tokens);
        return jwksUri()
                .compose(this::get)
                .<Void>map(body -> {
                    verifier.useKeys(body);
                    issuerKnown = true;
                    return null;
                })
                .recover(e -> {
                    LOG.warn("the public keys of the OpenID Connect provider cannot be had: {}", e.getMessage());
                    return Future.succeededFuture();
                });
    }

    private Future<URI> jwksUri() {
        if (oidc.jwksUri().isPresent()) {
            return Future.succeededFuture(oidc.jwksUri().get());
        }
        String issuer = oidc.issuer().orElseThrow().toString();
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return get(URI.create(base + "/.well-known/openid-configuration")).map(document -> {
            Value read = JsonReader.read(document.getBytes(StandardCharsets.UTF_8), MAX_BYTES);
            if (read instanceof Value.Obj object && issuer.equals(text(object, "issuer"))) {
                String uri = text(object, "jwks_uri");
                if (uri != null) {
                    return URI.create(uri);
                }
            }
            throw new IllegalArgumentException("its discovery document names another issuer, or no jwks_uri");
        });
    }

    private static @Nullable String text(Value.Obj object, String member) {
        return object.members().get(member) instanceof Value.Text text ? text.text() : null;
    }

    private Future<String> get(URI uri) {
        return egress.request(EgressRequest.get(uri, FETCH, MAX_BYTES).header("Accept", "application/json"))
                .map(Credentials::body);
    }

    private static String body(EgressResponse response) {
        if (response.status() != 200) {
            throw new IllegalArgumentException(response.uri().getHost() + " answers " + response.status());
        }
        return response.body().toString(StandardCharsets.UTF_8);
    }
}
