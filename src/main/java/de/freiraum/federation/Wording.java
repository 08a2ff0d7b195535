package de.freiraum.federation;

import de.freiraum.jsonld.Context;
import org.jspecify.annotations.Nullable;

/**
 * How names are written to a source and read from it.
 *
 * @param context compacts and expands them
 * @param url names the context in a Link header; null: there is none, and names are IRIs or those of the core context
 */
record Wording(Context context, @Nullable String url) {

    /** The value of the Link header (JSON-LD 1.1, section 6.2), or null. */
    @Nullable
    String link() {
        return url == null
                ? null
                : "<" + url + ">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";
    }
}
