package de.freiraum.broker;

import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressException;
import de.freiraum.egress.EgressException.Reason;
import de.freiraum.egress.EgressRequest;
import de.freiraum.jsonld.ContextLoader;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.jsonld.LoadedContext;
import io.vertx.core.Future;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/** Fetches contexts through the guarded client: 10 seconds, 3 redirects, {@value ContextResolver#MAX_BYTES} bytes. */
public final class EgressContextLoader implements ContextLoader {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int REDIRECTS = 3;
    private static final String ACCEPTED = "application/ld+json, application/json;q=0.9";

    private final Egress egress;
    private final InstantSource clock;

    /** A loader that uses that client. */
    public EgressContextLoader(Egress egress, InstantSource clock) {
        this.egress = egress;
        this.clock = clock;
    }

    @Override
    public CompletionStage<LoadedContext> load(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return Future.<LoadedContext>failedFuture(
                            new EgressException(Reason.INVALID_URI, "the URL of a context is not valid"))
                    .toCompletionStage();
        }
        return egress.request(EgressRequest.get(uri, TIMEOUT, ContextResolver.MAX_BYTES)
                        .header("Accept", ACCEPTED)
                        .redirects(REDIRECTS))
                .compose(response -> response.status() == 200
                        ? Future.succeededFuture(new LoadedContext(
                                response.body().getBytes(), Freshness.of(response.headers(), clock.instant())))
                        : Future.failedFuture(new EgressException(
                                Reason.UNREACHABLE, "the context's server answers " + response.status())))
                .toCompletionStage();
    }
}
