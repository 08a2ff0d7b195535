package de.freiraum.store.embedded;

import de.freiraum.store.change.Ticks;
import io.vertx.core.WorkerExecutor;

/**
 * What all writers of a store share.
 *
 * @param readers the threads that may wait for the engine
 */
record Workings(
        Engine engine,
        GroupCommitter committer,
        Admission admission,
        Places places,
        WorkerExecutor readers,
        Ticks ticks) {}
