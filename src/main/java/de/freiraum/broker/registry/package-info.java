/**
 * The registry of context sources (clauses 5.9 and 5.10): registrations kept in the document store and, all of them, in an immutable index in
 * memory for each tenant, which any thread reads without locks. Writes of one tenant happen one after the other, so that two registrations in
 * conflict cannot both be added.
 */
@NullMarked
package de.freiraum.broker.registry;

import org.jspecify.annotations.NullMarked;
