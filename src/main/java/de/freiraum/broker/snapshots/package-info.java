/**
 * Snapshots (clause 5.16): results of queries, frozen in a place of their own in the store, on which every operation works as on a tenant.
 * Descriptions are documents of the tenant and, all of them, in memory. Preparing goes on in the background, one snapshot after the other.
 */
@NullMarked
package de.freiraum.broker.snapshots;

import org.jspecify.annotations.NullMarked;
