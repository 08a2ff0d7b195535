/**
 * The store that needs no service. Each entity belongs to one event loop, its single writer; what the loops accept is committed in groups
 * by one thread to RocksDB, and only then visible, published and answered, in this order. All current entities are in memory as
 * immutable versions, which any thread reads without locks; history and documents are read from the engine on worker threads.
 *
 * <p>Invariants: (1) a version is visible only after its commit; (2) changes of one entity are committed, made visible and published in the
 * order in which they were computed; (3) an answer that was computed from an uncommitted version is given only after that version is
 * committed; (4) after a failed commit nothing is accepted any more, so that no later change builds on a lost one.
 */
@NullMarked
package de.freiraum.store.embedded;

import org.jspecify.annotations.NullMarked;
