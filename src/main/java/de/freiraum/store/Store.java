package de.freiraum.store;

import io.vertx.core.Future;
import java.util.Optional;

/** A store in all its roles, as the server that runs it sees it. */
public interface Store extends EntityStore, TemporalStore, DocumentStore, SnapshotStore {

    /** Why the store accepts no changes now, for the health check; empty while all is well. Never waits. */
    Optional<String> fault();

    /** Accepts no more changes, commits and answers those accepted, and releases what it holds. */
    Future<Void> close();
}
