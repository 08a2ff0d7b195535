package de.freiraum.store.embedded;

/**
 * What the store did since it was opened, and how it stands.
 *
 * @param changes committed changes of entities
 * @param commits groups written; changes / commits is the mean size of a group
 * @param commitNanos nanoseconds spent writing groups, their fsync included
 * @param largestGroup the most changes and documents written at once
 * @param refused changes and documents refused because too many were waiting or the store was not able to write
 * @param pending changes accepted and not committed now
 * @param entities current entities of all tenants, with those expired and not yet deleted
 * @param tenants known tenants
 */
public record StoreMetrics(
        long changes,
        long commits,
        long commitNanos,
        long largestGroup,
        long refused,
        long pending,
        long entities,
        long tenants) {}
