package de.freiraum.broker.snapshots;

import de.freiraum.store.DocumentStore;
import de.freiraum.store.EntityStore;
import de.freiraum.store.SnapshotStore;
import de.freiraum.store.TemporalStore;

/**
 * The store in its roles.
 *
 * @param entities current entities
 * @param history their evolution
 * @param documents where descriptions of snapshots are
 * @param places where their content is
 */
public record Stores(EntityStore entities, TemporalStore history, DocumentStore documents, SnapshotStore places) {}
