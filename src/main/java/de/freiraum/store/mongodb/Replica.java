package de.freiraum.store.mongodb;

import de.freiraum.store.change.Companions;
import de.freiraum.store.change.HistoryRecorder;
import de.freiraum.store.change.Ticks;

/**
 * One process among those that share the deployment.
 *
 * @param number its number; no other that runs has it
 * @param ticks gives its times
 * @param recorder gives instances of history their ids
 * @param deleteHistoryWithEntity whether deleting an entity deletes its history
 * @param companions who writes documents together with changes
 */
record Replica(
        int number, Ticks ticks, HistoryRecorder recorder, boolean deleteHistoryWithEntity, Companions companions) {

    /** The time of the next change of an entity: behind that of its version, whichever replica made it. */
    long tickAfter(long version) {
        ticks.continueAfter(EntityDocument.tick(version));
        return ticks.next();
    }
}
