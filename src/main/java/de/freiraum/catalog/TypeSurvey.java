package de.freiraum.catalog;

import de.freiraum.catalog.Column.Role;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLd;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
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
    private final Map<LocalDate, Long> days = new TreeMap<>();
    private final Set<YearMonth> emptyMonths = new TreeSet<>();

    /** Surveys of the entities that belong to one place, by the place's URI; null if there are none, or too many. */
    private @Nullable Map<String, TypeSurvey> parts;

    private final int mostParts;

    /**
     * Nothing seen yet.
     *
     * @param now tells which sensors are silent
     * @param mostParts up to how many places there is a survey for each; 0: for none
     */
    TypeSurvey(City city, Kind kind, Instant now, int mostParts) {
        this.city = city;
        this.kind = kind;
        this.lately = now.minus(Dataset.SILENCE);
        this.mostParts = mostParts;
        this.parts = kind.groupBy() == null || mostParts == 0 ? null : new TreeMap<>();
    }

    Kind kind() {
        return kind;
    }

    City city() {
        return city;
    }

    /** URIs of the places whose entities are a part of those seen. */
    Set<String> places() {
        return parts == null ? Set.of() : Set.copyOf(parts.keySet());
    }

    /** When the last value was observed that was seen, or null. */
    @Nullable
    Instant lastObserved() {
        return lastObserved;
    }

    /** When the first value was observed that was seen, or null. */
    @Nullable
    Instant firstObserved() {
        return firstObserved;
    }

    /** URI of the place to which an entity belongs, or null. */
    @Nullable
    String placeOf(@Nullable Entity entity) {
        String attribute = kind.groupBy();
        return parts == null || attribute == null || entity == null ? null : Group.targetOf(entity, attribute);
    }

    /** The survey of the part to which an entity belongs, or null. */
    private @Nullable TypeSurvey part(@Nullable Entity entity) {
        String place = placeOf(entity);
        return place == null || parts == null ? null : parts.get(place);
    }

    private void seePart(Entity entity) {
        String place = placeOf(entity);
        if (place != null && parts != null) {
            TypeSurvey part = parts.get(place);
            if (part == null && parts.size() == mostParts) {
                parts = null;
                return;
            }
            parts.computeIfAbsent(place, any -> new TypeSurvey(city, kind, lately.plus(Dataset.SILENCE), 0))
                    .see(entity);
        }
    }

    /** A time at which something of an entity was observed. */
    void seePast(@Nullable Entity entity, Instant at) {
        seeTime(at);
        TypeSurvey part = part(entity);
        if (part != null) {
            part.seeTime(at);
        }
    }

    /** A day, with how many entities had a value on it: of all, and by place. */
    void seeDay(LocalDate day, ReportingDay counts) {
        days.put(day, counts.all());
        if (parts != null) {
            parts.forEach((place, part) -> part.days.put(day, counts.byPlace().getOrDefault(place, 0L)));
        }
    }

    /**
     * A month between the first and the last one.
     *
     * @param any whether anything was observed in it
     * @param places URIs of the places of which something was
     */
    void seeMonth(YearMonth month, boolean any, Set<String> places) {
        if (!any) {
            emptyMonths.add(month);
        }
        if (parts != null) {
            parts.forEach((place, part) -> part.seeMonth(month, places.contains(place), Set.of()));
        }
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
        seePart(entity);
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

    /**
     * The dataset of all entities and, if they belong to several places, one for each place.
     *
     * @param names of places, by URI
     */
    List<Dataset> datasets(Set<String> hiddenAttributes, Map<String, String> names) {
        List<Dataset> datasets = new ArrayList<>();
        datasets.add(dataset(hiddenAttributes, null));
        String attribute = kind.groupBy();
        if (parts != null && attribute != null && parts.size() > 1) {
            parts.forEach((place, part) -> datasets.add(part.dataset(
                    hiddenAttributes, new Group(attribute, place, names.getOrDefault(place, Kinds.localName(place))))));
        }
        return datasets;
    }

    private Dataset dataset(Set<String> hiddenAttributes, @Nullable Group group) {
        LocalDate first = firstObserved == null ? LocalDate.MAX : LocalDate.ofInstant(firstObserved, city.zone());
        LocalDate last = lastObserved == null ? LocalDate.MIN : LocalDate.ofInstant(lastObserved, city.zone());
        return new Dataset(
                city,
                kind,
                group,
                entities,
                columns(hiddenAttributes),
                Box.around(extent),
                issued.equals(Instant.MAX) ? modified : issued,
                modified,
                firstObserved,
                lastObserved,
                observing,
                reporting,
                days.entrySet().stream()
                        .filter(day ->
                                !day.getKey().isBefore(first) && !day.getKey().isAfter(last))
                        .map(day -> new Dataset.Day(day.getKey(), day.getValue()))
                        .toList(),
                emptyMonths);
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
