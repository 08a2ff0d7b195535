package de.freiraum.egress;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request to be sent.
 *
 * @param method its method
 * @param uri http or https
 * @param headers its headers; {@code Host}, {@code Content-Length}, {@code Connection} and {@code Transfer-Encoding} are the client's and left out
 * @param body its body, or null
 * @param timeout within which the whole answer must be there, waiting and redirects included
 * @param maxResponseBytes the longest body accepted
 * @param maxRedirects how many redirects are followed (GET and HEAD only); every target passes the same checks. 0: an answer that redirects is
 *     returned as it is
 */
public record EgressRequest(
        HttpMethod method,
        URI uri,
        MultiMap headers,
        @Nullable Buffer body,
        Duration timeout,
        int maxResponseBytes,
        int maxRedirects) {

    /** A GET without redirects. */
    public static EgressRequest get(URI uri, Duration timeout, int maxResponseBytes) {
        return new EgressRequest(
                HttpMethod.GET, uri, MultiMap.caseInsensitiveMultiMap(), null, timeout, maxResponseBytes, 0);
    }

    /** A POST without redirects. */
    public static EgressRequest post(URI uri, MultiMap headers, Buffer body, Duration timeout, int maxResponseBytes) {
        return new EgressRequest(HttpMethod.POST, uri, headers, body, timeout, maxResponseBytes, 0);
    }

    /** The same with one more header. */
    public EgressRequest header(String name, String value) {
        MultiMap more = MultiMap.caseInsensitiveMultiMap().addAll(headers).add(name, value);
        return new EgressRequest(method, uri, more, body, timeout, maxResponseBytes, maxRedirects);
    }

    /** The same, following redirects. */
    public EgressRequest redirects(int most) {
        return new EgressRequest(method, uri, headers, body, timeout, maxResponseBytes, most);
    }
}
