package de.freiraum.jsonld;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A remote document as its server gave it.
 *
 * @param body the document; must not be modified
 * @param freshFor how long its server lets it be used without asking again (clause 6.3.16), or null if the server does not say
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, compared by nobody
public record LoadedContext(byte[] body, @Nullable Duration freshFor) {
    /** A document whose server does not say how long it is fresh. */
    public static LoadedContext of(byte[] body) {
        return new LoadedContext(body, null);
    }
}
