package de.freiraum.jsonld;

import java.util.concurrent.CompletionStage;

/** Fetches remote contexts. Implementations keep to the limits of outbound requests: addresses, size, redirects, time. */
@FunctionalInterface
public interface ContextLoader {
    /**
     * Fetches a document; any failure means that the context is not available.
     *
     * @param url absolute; may be of any scheme, so refuse what is not http or https
     */
    CompletionStage<LoadedContext> load(String url);
}
