package de.freiraum.jsonld;

import java.time.Instant;

/**
 * A remote document in the cache (clause 5.13).
 *
 * @param url where it came from
 * @param body the document as it was fetched; must not be modified
 * @param createdAt when it was fetched
 * @param lastUsage when it was last used
 * @param numberOfHits how often it was used without being fetched
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are compared by nobody; a copy at each use would cost
public record CachedContext(String url, byte[] body, Instant createdAt, Instant lastUsage, long numberOfHits) {}
