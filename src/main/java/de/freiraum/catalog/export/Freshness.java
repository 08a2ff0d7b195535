package de.freiraum.catalog.export;

import de.freiraum.catalog.Dataset;
import de.freiraum.model.Change;
import de.freiraum.model.Tenant;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Tells versions of files apart without reading them: how often entities of a type changed since the start, and when last. Hears every change,
 * so it only counts. Safe for any thread.
 */
public final class Freshness {
    private record Key(Tenant tenant, String type) {}

    private static final class State {
        final AtomicLong changes = new AtomicLong();
        volatile Instant last = Instant.MIN;
    }

    private final String start;
    private final ConcurrentMap<Key, State> states = new ConcurrentHashMap<>();

    /** Nothing has changed yet. */
    public Freshness(InstantSource clock) {
        this.start = Long.toString(clock.instant().toEpochMilli(), Character.MAX_RADIX);
    }

    /** Counts a change. */
    public void changed(Change change) {
        for (String type : change.latest().types()) {
            State state = states.computeIfAbsent(new Key(change.tenant(), type), key -> new State());
            state.changes.incrementAndGet();
            state.last = change.at();
        }
    }

    /** Differs whenever an entity of the dataset changed, and between runs of the server. */
    public String version(Dataset dataset) {
        State state = state(dataset);
        return start + '-' + Long.toString(state == null ? 0 : state.changes.get(), Character.MAX_RADIX);
    }

    /** When an entity of the dataset changed last. */
    public Instant lastModified(Dataset dataset) {
        State state = state(dataset);
        return state == null || state.last.isBefore(dataset.modified()) ? dataset.modified() : state.last;
    }

    private @Nullable State state(Dataset dataset) {
        return states.get(new Key(dataset.city().tenant(), dataset.kind().type()));
    }
}
