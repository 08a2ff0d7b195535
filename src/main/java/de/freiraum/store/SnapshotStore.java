package de.freiraum.store;

import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.store.TemporalStore.Head;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/**
 * The places where snapshots are (clause 5.5.15). A snapshot that was created takes everything that a tenant takes, by the other interfaces of
 * the store; it is none of the store's {@linkplain EntityStore#tenants() tenants}. Writes to one that was not created, or was deleted, are
 * refused with ResourceNotFound.
 */
public interface SnapshotStore {

    /** Makes an empty place for a snapshot; one that is there stays as it is. */
    Future<Void> createSnapshot(Tenant snapshot);

    /** Deletes a snapshot's place with all that is in it. Completes when nothing of it is left; one that is not there is no error. */
    Future<Void> deleteSnapshot(Tenant snapshot);

    /** The snapshots there are, of all tenants. */
    Set<Tenant> snapshots();

    /**
     * Puts an evolution into a snapshot as it is elsewhere: its instances keep their ids and times. Types are added to those of an evolution
     * that is there already; an instance with the same identity is replaced.
     */
    Future<Void> takeOver(Tenant snapshot, Head head, List<TemporalInstance> instances);
}
