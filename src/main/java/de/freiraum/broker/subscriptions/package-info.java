/**
 * The operations on subscriptions (clause 5.8), kept in the document store and, all of them, in memory. Safe for any thread; writes of one
 * subscription happen one after the other.
 */
@NullMarked
package de.freiraum.broker.subscriptions;

import org.jspecify.annotations.NullMarked;
