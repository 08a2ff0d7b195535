package de.freiraum.store.change;

import de.freiraum.model.Change;
import de.freiraum.model.Origin;
import de.freiraum.store.EntityStore.Note;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Who writes documents together with changes. Safe for any thread. */
public final class Companions {
    private final List<Function<Change, List<Note>>> all = new CopyOnWriteArrayList<>();

    /** Adds one. */
    public void add(Function<Change, List<Note>> notes) {
        all.add(notes);
    }

    /** What is to be written with a change; nothing with those that fill snapshots. */
    public List<Note> of(Change change) {
        if (all.isEmpty() || change.origin() == Origin.SNAPSHOT) {
            return List.of();
        }
        List<Note> notes = new ArrayList<>();
        all.forEach(companion -> notes.addAll(companion.apply(change)));
        return notes;
    }
}
