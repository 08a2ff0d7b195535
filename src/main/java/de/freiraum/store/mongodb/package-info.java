/**
 * The store of many replicas: MongoDB, a replica set or a sharded cluster. Replicas hold nothing of their own; each may read and change
 * everything.
 *
 * <p>What always holds: a change is computed from the version that is there when it is written (the version is compared in the write), the
 * change and its history are one transaction, and nothing is answered before a majority has it in its journal. docs/storage.md tells what the
 * documents look like, which indexes there are and why.
 *
 * <p>Threads: the driver's threads only hand over; changes are computed on the event loop that owns the entity in this process, answers of
 * queries are evaluated on workers, and callers get their results on their own context.
 */
@NullMarked
package de.freiraum.store.mongodb;

import org.jspecify.annotations.NullMarked;
