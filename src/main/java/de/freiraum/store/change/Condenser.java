package de.freiraum.store.change;

import de.freiraum.model.TemporalInstance;
import de.freiraum.store.TemporalStore.Condensation;
import de.freiraum.store.TemporalStore.Condensed;
import de.freiraum.store.TemporalStore.Spot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes windows of the instances of an evolution that come in order (attribute, dataset, time), and says what takes the place of each. Used by
 * one thread at a time.
 *
 * @param <H> by what the store finds an instance again
 */
public final class Condenser<H> {
    private final Condensation condensation;
    private final int most;
    private final List<Replacement<H>> replacements = new ArrayList<>();
    private List<TemporalInstance> window = new ArrayList<>();
    private List<H> handles = new ArrayList<>();
    private Spot begin = new Spot("", null, Instant.MIN);
    private Instant end = Instant.MIN;
    private int seen;
    private @Nullable Spot next;

    /**
     * What takes the place of a window's instances.
     *
     * @param begin the time of the first of those that go
     * @param gone which instances go
     * @param come which come, with ids and times
     */
    public record Replacement<H>(Instant begin, List<H> gone, List<TemporalInstance> come) {}

    /**
     * A condenser of one call.
     *
     * @param most how many instances to look at; the last window is finished
     */
    public Condenser(Condensation condensation, int most) {
        this.condensation = condensation;
        this.most = most;
    }

    /**
     * Takes the next instance.
     *
     * @param time where it stands in the order of time
     * @return false: it is enough for now, and this one was not taken
     */
    public boolean take(Instant time, TemporalInstance instance, H handle) {
        Spot spot = new Spot(instance.attribute(), instance.instance().meta().datasetId(), time);
        if (!time.isBefore(end)
                || !spot.attribute().equals(begin.attribute())
                || !Objects.equals(spot.datasetId(), begin.datasetId())) {
            flush();
            if (seen >= most) {
                next = spot;
                return false;
            }
            begin = spot;
            end = condensation.windowEnd(time);
        }
        seen++;
        window.add(instance);
        handles.add(handle);
        return true;
    }

    /** There are no more instances, or no more are wanted. */
    public void end() {
        flush();
    }

    @SuppressWarnings("ReferenceEquality") // the very list says that nothing changes
    private void flush() {
        if (window.isEmpty()) {
            return;
        }
        List<TemporalInstance> condensed = condensation.condense(window);
        if (condensed != window) {
            replacements.add(new Replacement<>(begin.time(), handles, condensed));
        }
        window = new ArrayList<>();
        handles = new ArrayList<>();
    }

    /** What is to be written. */
    public List<Replacement<H>> replacements() {
        return replacements;
    }

    /** What that comes to. */
    public Condensed result() {
        int removed = 0;
        int added = 0;
        for (Replacement<H> replacement : replacements) {
            removed += replacement.gone().size();
            added += replacement.come().size();
        }
        return new Condensed(removed, added, next);
    }
}
