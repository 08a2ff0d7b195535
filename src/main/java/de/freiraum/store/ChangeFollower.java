package de.freiraum.store;

import de.freiraum.model.Change;
import io.vertx.core.Future;

/**
 * Does something about every committed change, whichever of the processes that share a store made it, and in one of them only: the one that
 * leads. What it does must be repeatable: when another process takes over, it hears again of the last changes before that.
 */
public interface ChangeFollower {

    /** This process leads from now on. Changes are told from before this call on, also before it completes. */
    Future<Void> lead();

    /** A committed change; in order per entity. Must return at once and never throw. */
    void changed(Change change);

    /** Whether something that was told is not done with. What is not done with is told again when another process takes over. */
    boolean isBusy();

    /** This process leads no more. What is not done with is left to the next one. */
    Future<Void> rest();
}
