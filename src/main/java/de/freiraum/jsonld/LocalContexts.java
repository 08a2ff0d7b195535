package de.freiraum.jsonld;

import de.freiraum.model.Value;
import org.jspecify.annotations.Nullable;

/** Contexts that this broker hosts (clause 5.13), so that they are not fetched from itself. */
@FunctionalInterface
public interface LocalContexts {
    /**
     * The {@code @context} of a hosted document, or null if the URL is none of a hosted one. Must answer from memory. When a document
     * changes or goes, {@link ContextResolver#forget} must be called with its URL.
     */
    @Nullable
    Value find(String url);

    /** A request was read with the document of that URL. */
    default void used(String url) {}
}
