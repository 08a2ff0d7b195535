package de.freiraum.notify;

import de.freiraum.model.Subscription.Endpoint;
import de.freiraum.model.Tenant;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A rendered notification on its way.
 *
 * @param tenant whose subscription it is for
 * @param endpoint where to
 * @param contentType its media type
 * @param contextUrl the context to name beside the body; null if the body holds it
 * @param body the notification (clause 5.3.1) as JSON
 * @param timeout how long the receiver may take
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
record Message(
        Tenant tenant,
        Endpoint endpoint,
        String contentType,
        @Nullable String contextUrl,
        byte[] body,
        Duration timeout) {

    /** The value of the Link header that names the context (JSON-LD 1.1, section 6.2), or null. */
    @Nullable
    String link() {
        return contextUrl == null
                ? null
                : "<" + contextUrl + ">; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";
    }
}
