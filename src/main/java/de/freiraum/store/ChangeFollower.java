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

    /**
     * A committed change; in order per entity. Must return at once and never throw.
     *
     * @param number above 0, each higher than the one before; 0 where nobody asks for {@link #undone}
     */
    void changed(Change change, long number);

    /**
     * The number of the earliest change that was told and is not done with; the largest number there is when all are done with. From this one on, changes
     * are told again when another process takes over.
     */
    long undone();

    /** Whether nothing more shall be told for the moment. */
    boolean isFull();

    /** This process leads no more. What is not done with is left to the next one. */
    Future<Void> rest();
}
