package de.freiraum.registration;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a broker shall treat a source (clause 5.2.34).
 *
 * @param timeout how long an answer may take, or null: as long as the broker decides
 * @param cooldown how long to leave the source alone after a failure, or null: as long as the broker decides
 * @param cacheDuration how long answers may be used again, or null: not at all
 * @param localOnly whether the source shall answer with its own data alone
 */
public record Management(
        @Nullable Duration timeout,
        @Nullable Duration cooldown,
        @Nullable Duration cacheDuration,
        boolean localOnly) {

    /** Nothing in particular. */
    public static final Management NONE = new Management(null, null, null, false);
}
