package de.freiraum.catalog;

import de.freiraum.catalog.Column.Role;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLd;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Envelope;

/** What the entities of one type are like, seen one after the other. */
final class TypeSurvey {
    private static final Text NOTHING_KNOWN = Text.of("");

    private final City city;
    private final Kind kind;
    private final Map<String, Long> filled = new TreeMap<>();
    private final Set<String> observed = new TreeSet<>();
    private final Envelope extent = new Envelope();
    private long entities;
    private Instant issued = Instant.MAX;
    private Instant modified = Instant.EPOCH;
    private @Nullable Instant lastObserved;
    private @Nullable Instant firstObserved;
    private final Instant lately;
    private long observing;
    private long reporting;

    /**
     * Nothing seen yet.
     *
     * @param now tells which sensors are silent
     */
    TypeSurvey(City city, Kind kind, Instant now) {
        this.city = city;
        this.kind = kind;
        this.lately = now.minus(Dataset.SILENCE);
    }

    String type() {
        return kind.type();
    }

    /** Whether the past of this type is worth looking at. */
    boolean hasPast() {
        return kind.history() && !observed.isEmpty();
    }

    /** The attributes that are observed. */
    Set<String> observed() {
        return observed;
    }

    void see(Entity entity) {
        entities++;
        if (entity.createdAt() != null && entity.createdAt().isBefore(issued)) {
            issued = entity.createdAt();
        }
        if (entity.modifiedAt() != null && entity.modifiedAt().isAfter(modified)) {
            modified = entity.modifiedAt();
        }
        Instant newest = null;
        for (Map.Entry<String, List<Attribute>> attribute : entity.attributes().entrySet()) {
            filled.merge(attribute.getKey(), 1L, Long::sum);
            for (Attribute instance : attribute.getValue()) {
                Instant at = instance.meta().observedAt();
                if (at != null) {
                    observed.add(attribute.getKey());
                    seeTime(at);
                    newest = newest == null || at.isAfter(newest) ? at : newest;
                }
            }
        }
        if (newest != null) {
            observing++;
            reporting += newest.isBefore(lately) ? 0 : 1;
        }
        if (entity.defaultInstance(NgsiLd.LOCATION) instanceof Attribute.GeoProperty location) {
            extent.expandToInclude(location.value().shape().getEnvelopeInternal());
        }
    }

    /** A time at which something was observed. */
    void seeTime(Instant at) {
        firstObserved = firstObserved == null || at.isBefore(firstObserved) ? at : firstObserved;
        lastObserved = lastObserved == null || at.isAfter(lastObserved) ? at : lastObserved;
    }

    Dataset dataset(Set<String> hiddenAttributes) {
        return new Dataset(
                city.id() + "-" + kind.id(),
                city,
                kind,
                entities,
                columns(hiddenAttributes),
                Box.around(extent),
                issued.equals(Instant.MAX) ? modified : issued,
                modified,
                firstObserved,
                lastObserved,
                observing,
                reporting);
    }

    private List<Column> columns(Set<String> hidden) {
        List<Column> columns = new ArrayList<>();
        columns.add(special("id", Role.ID, entities));
        columns.add(special("observedAt", Role.OBSERVED_AT, entities));
        Set<String> attributes = new LinkedHashSet<>();
        kind.columns().forEach(name -> attributes.add(kind.context().expand(name)));
        filled.keySet().stream().sorted(Comparator.comparing(this::plainName)).forEach(attributes::add);
        attributes.removeAll(hidden);
        attributes.remove(NgsiLd.LOCATION);
        long located = Objects.requireNonNullElse(filled.get(NgsiLd.LOCATION), 0L);
        int place = 2 + kind.columns().size();
        Map<String, String> names = names(attributes);
        for (String iri : attributes) {
            columns.add(new Column(
                    Objects.requireNonNull(names.get(iri)),
                    Role.VALUE,
                    iri,
                    meaning(plainName(iri)),
                    observed.contains(iri),
                    Objects.requireNonNullElse(filled.get(iri), 0L)));
        }
        if (located > 0) {
            int at = Math.min(place, columns.size());
            columns.add(at, special("lat", Role.LATITUDE, located));
            columns.add(at + 1, special("lon", Role.LONGITUDE, located));
        }
        return columns;
    }

    private static Column special(String name, Role role, long filled) {
        return new Column(
                name,
                role,
                role == Role.LATITUDE || role == Role.LONGITUDE ? NgsiLd.LOCATION : "",
                meaning(name),
                false,
                filled);
    }

    private static Text meaning(String name) {
        return Column.MEANINGS.getOrDefault(name, NOTHING_KNOWN);
    }

    /** Short where that is unmistakable, else the IRI. */
    private Map<String, String> names(Set<String> attributes) {
        Map<String, Integer> uses = new HashMap<>();
        new HashSet<>(attributes).forEach(iri -> uses.merge(plainName(iri), 1, Integer::sum));
        Map<String, String> names = new HashMap<>();
        attributes.forEach(iri -> {
            String name = plainName(iri);
            boolean taken = Objects.requireNonNull(uses.get(name)) > 1 || Column.SPECIAL.contains(name);
            names.put(iri, taken ? iri : name);
        });
        return names;
    }

    private String plainName(String iri) {
        String name = kind.context().compact(iri);
        return name.contains(":") ? Kinds.localName(name) : name;
    }
}
