package de.freiraum.app;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.NgsiLdException;
import de.freiraum.security.AccessPolicy;
import de.freiraum.security.Principal;
import de.freiraum.web.Browsers;
import de.freiraum.web.RateLimit;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets anonymous clients in only so often, by their address, and holders of credentials only so often, by their name. Sensors and probes are not counted. Behind proxies the address is the one that the
 * outermost trusted of them has seen.
 */
final class Turnstile {
    private static final List<String> FREE = List.of("/health/", "/metrics", "/version", "/ingest/");
    private static final int TOO_MANY = 429;

    /** A subscriber of IPv6 has at least as many addresses as the other bytes have. */
    private static final int BYTES_OF_NETWORK = 8;

    private final @Nullable RateLimit limit;
    private final @Nullable RateLimit ofKeys;
    private final AccessPolicy policy;
    private final int proxies;
    private final Browsers browsers;

    /**
     * A turnstile.
     *
     * @param limit of those without a credential, or null: they may ask as often as they like
     * @param ofKeys of those with one, or null
     * @param policy knows keys
     * @param proxies how many trusted proxies each request passes
     * @param browsers which pages may read the refusal
     */
    Turnstile(
            @Nullable RateLimit limit,
            @Nullable RateLimit ofKeys,
            AccessPolicy policy,
            int proxies,
            Browsers browsers) {
        this.limit = limit;
        this.ofKeys = ofKeys;
        this.policy = policy;
        this.proxies = proxies;
        this.browsers = browsers;
    }

    /** Whether the request may go on; otherwise it has been answered. */
    boolean letsIn(HttpServerRequest request, String path) {
        if (request.method().equals(HttpMethod.OPTIONS) || FREE.stream().anyMatch(path::startsWith)) {
            return true;
        }
        String holder = holder(request);
        RateLimit counted = holder == null ? limit : ofKeys;
        if (counted == null) {
            return true;
        }
        RateLimit.Verdict verdict = counted.ask(holder == null ? client(request) : holder);
        HttpServerResponse response = request.response();
        response.putHeader("RateLimit-Policy", counted.policy()).putHeader("RateLimit", verdict.limit());
        if (!verdict.allowed()) {
            browsers.apply(request, response);
            refuse(response, verdict.retryAfter());
        }
        return verdict.allowed();
    }

    private static void refuse(HttpServerResponse response, long seconds) {
        response.setStatusCode(TOO_MANY)
                .putHeader("Retry-After", Long.toString(seconds))
                .putHeader("Content-Type", "application/problem+json")
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(new JsonWriter()
                        .beginObject()
                        .member("type", "about:blank")
                        .member("title", "Too Many Requests")
                        .member("status", TOO_MANY)
                        .member(
                                "detail",
                                "this client has used up its requests; the next one is possible in " + seconds + " s")
                        .endObject()
                        .toBytes()));
    }

    /** Who shows a credential that is good, or null. */
    private @Nullable String holder(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        String key = request.getHeader("X-API-Key");
        if (authorization == null && key == null) {
            return null;
        }
        try {
            Principal principal = policy.identify(authorization, key);
            return policy.holdsKey(principal) ? principal.name() : null;
        } catch (NgsiLdException nobodyHoldsIt) {
            return null;
        }
    }

    private String client(HttpServerRequest request) {
        String address = forwarded(request);
        return network(address != null ? address : request.remoteAddress().hostAddress());
    }

    /** Each proxy adds at the end whom it has seen; what is before those of the trusted ones can be made up. */
    private @Nullable String forwarded(HttpServerRequest request) {
        if (proxies == 0) {
            return null;
        }
        String[] seen =
                String.join(",", request.headers().getAll("X-Forwarded-For")).split(",");
        String address = seen.length < proxies ? "" : seen[seen.length - proxies].strip();
        return address.matches("[0-9A-Fa-f:.]{2,64}") ? address : null;
    }

    private static String network(@Nullable String address) {
        if (address == null || address.indexOf(':') < 0) {
            return Objects.requireNonNullElse(address, "unknown");
        }
        try {
            // With a colon in it, it is taken for an address or refused, but never looked up.
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return bytes.length == 4 ? address : HexFormat.of().formatHex(bytes, 0, BYTES_OF_NETWORK);
        } catch (UnknownHostException none) {
            return address;
        }
    }
}
