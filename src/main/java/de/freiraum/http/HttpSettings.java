package de.freiraum.http;

import java.time.Duration;
import java.util.List;

/**
 * Limits and rules of the HTTP binding.
 *
 * @param maxBodyBytes the largest request body that is read
 * @param corsOrigins origins whose pages may use the API from a browser; {@code *}: all
 * @param defaultPageSize elements on a page when the request does not say how many
 * @param maxPageSize the most elements on a page
 * @param maxBatchSize the most entities in a batch
 * @param sharedCache for how long caches between the server and many clients may answer for it; 0: they ask each time
 * @param splitEntities whether one entity may be split between brokers when a query does not say (clause 6.4.3.2)
 * @param maxMembers the most members of one object in a body, such as the attributes of an entity; not of a @context
 */
public record HttpSettings(
        int maxBodyBytes,
        List<String> corsOrigins,
        int defaultPageSize,
        int maxPageSize,
        int maxBatchSize,
        Duration sharedCache,
        boolean splitEntities,
        int maxMembers) {
    /** 1 MiB, all origins, 20 and at most 1000 elements, 10 000 entities in a batch, five seconds in shared caches, whole entities, 2000 members. */
    public static final HttpSettings DEFAULT =
            new HttpSettings(1 << 20, List.of("*"), 20, 1000, 10_000, Duration.ofSeconds(5), false, 2000);

    /** Checks the ranges and copies the list. */
    public HttpSettings {
        if (maxBodyBytes < 1 || maxPageSize < 1 || maxBatchSize < 1 || maxMembers < 1) {
            throw new IllegalArgumentException("limits must be above 0");
        }
        if (defaultPageSize < 1 || defaultPageSize > maxPageSize) {
            throw new IllegalArgumentException("defaultPageSize must be 1.." + maxPageSize);
        }
        corsOrigins = List.copyOf(corsOrigins);
    }
}
