/**
 * Notifications (clauses 5.8.6, 6.3.8 and 7.2): committed changes are matched with the subscriptions they could concern, rendered and delivered,
 * each subscription in order and none waiting for another. The change listener runs on the store's threads and only looks up candidates;
 * everything else runs on one event loop of its own.
 */
@NullMarked
package de.freiraum.notify;

import org.jspecify.annotations.NullMarked;
