package de.freiraum.broker.registry;

import de.freiraum.registration.CSourceRegistration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All registrations of a tenant at one moment, oldest first. Immutable. */
public final class SourceIndex {
    /** No registration. */
    public static final SourceIndex EMPTY = new SourceIndex(List.of());

    private static final Comparator<RegisteredSource> BY_AGE = Comparator.comparing(RegisteredSource::createdAt)
            .thenComparing(s -> s.registration().id());

    private final List<RegisteredSource> sources;
    private final Map<String, RegisteredSource> byId;

    private SourceIndex(List<RegisteredSource> sources) {
        this.sources = List.copyOf(sources);
        this.byId = new LinkedHashMap<>();
        sources.forEach(s -> byId.put(s.registration().id(), s));
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return sources.isEmpty();
    }

    /** All of them, those included that have ended and are about to be deleted. */
    public List<RegisteredSource> all() {
        return sources;
    }

    /** Those that have not ended. */
    public Stream<RegisteredSource> valid(Instant now) {
        return sources.stream().filter(s -> !s.registration().isExpired(now));
    }

    /** The one of that id that has not ended, or null. */
    public @Nullable RegisteredSource get(String id, Instant now) {
        RegisteredSource source = byId.get(id);
        return source == null || source.registration().isExpired(now) ? null : source;
    }

    /** The registrations without what belongs to them. */
    List<CSourceRegistration> registrations(Instant now) {
        return valid(now).map(RegisteredSource::registration).toList();
    }

    /** The same with one more, or with one replaced. */
    SourceIndex with(RegisteredSource source) {
        List<RegisteredSource> more = new ArrayList<>(sources);
        more.removeIf(s -> s.registration().id().equals(source.registration().id()));
        more.add(source);
        more.sort(BY_AGE);
        return new SourceIndex(more);
    }

    /** The same without one. */
    SourceIndex without(String id) {
        List<RegisteredSource> rest = new ArrayList<>(sources);
        rest.removeIf(s -> s.registration().id().equals(id));
        return rest.isEmpty() ? EMPTY : new SourceIndex(rest);
    }
}
