/**
 * What the broker asks of a store: small interfaces with one durability contract. A future that succeeds means: on disk (or as durable as the
 * configured durability says), visible to every later read, and published to the change listeners in order.
 */
@NullMarked
package de.freiraum.store;

import org.jspecify.annotations.NullMarked;
