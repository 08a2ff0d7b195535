package de.freiraum.store;

import io.vertx.core.Future;
import java.util.Optional;

/** A store in all its roles, as the server that runs it sees it. */
public interface Store extends EntityStore, TemporalStore, DocumentStore, SnapshotStore {

    /** Why the store accepts no changes now, for the health check; empty while all is well. Never waits. */
    Optional<String> fault();

    /**
     * Whether this process does what only one of those that share the store shall do, such as periodic notifications. At any time at most one does,
     * and after a short while another one where that one is gone. Always so for a store that belongs to one process.
     */
    default boolean leads() {
        return true;
    }

    /** Leaves what only one process does to another one, in order. To be called before those are stopped who {@link #follow} changes. */
    default Future<Void> resign() {
        return Future.succeededFuture();
    }

    /** Accepts no more changes, commits and answers those accepted, and releases what it holds. */
    Future<Void> close();
}
