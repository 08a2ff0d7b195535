package de.freiraum.jsonld;

import java.time.Instant;

/**
 * A remote document in the cache (clause 5.13).
 *
 * @param url where it came from
 * @param body the document as it was fetched; must not be modified
 * @param createdAt when it was fetched
 * @param expiresAt when it is fetched anew before it is used again (clause 6.3.16)
 * @param lastUsage when it was last used
 * @param numberOfHits how often it was found in the cache
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are compared by nobody; a copy at each use would cost
public record CachedContext(
        String url, byte[] body, Instant createdAt, Instant expiresAt, Instant lastUsage, long numberOfHits) {}
