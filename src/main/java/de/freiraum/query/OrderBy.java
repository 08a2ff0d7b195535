package de.freiraum.query;

import com.ibm.icu.text.Collator;
import com.ibm.icu.util.IllformedLocaleException;
import com.ibm.icu.util.ULocale;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An order of entities (clause 4.23). It is total: entities that are equal in all terms are ordered by their URIs. Immutable, safe for any
 * thread.
 */
public final class OrderBy {
    private static final int MAX_LENGTH = 2048;
    private static final int MAX_TERMS = 16;

    /** Directions of clause 4.23.3. */
    public enum Direction {
        ASCENDING("asc"),
        DESCENDING("desc"),
        DISTANCE_ASCENDING("dist-asc"),
        DISTANCE_DESCENDING("dist-desc");

        private final String term;

        Direction(String term) {
            this.term = term;
        }

        /** As written in {@code orderBy}. */
        public String term() {
            return term;
        }

        /** Whether the order is by the distance from a geometry. */
        public boolean isByDistance() {
            return this == DISTANCE_ASCENDING || this == DISTANCE_DESCENDING;
        }

        private boolean isDescending() {
            return this == DESCENDING || this == DISTANCE_DESCENDING;
        }
    }

    /**
     * One criterion.
     *
     * @param path what is compared; of several instances the default one, otherwise the first
     * @param direction in which direction
     */
    public record Term(AttributePath path, Direction direction) {}

    private final List<Term> terms;
    private final String collation;
    private final @Nullable Geometry from;
    private final Collator collator;

    private OrderBy(List<Term> terms, String collation, @Nullable Geometry from, Collator collator) {
        this.terms = List.copyOf(terms);
        this.collation = collation;
        this.from = from;
        this.collator = collator;
    }

    /**
     * Parses the parameter {@code orderBy}, such as {@code name,age;desc} or {@code location;dist-asc}.
     *
     * @param orderBy the terms
     * @param collation language tag of an ICU collation (RFC 6067), or null for the root collation {@code und}
     * @param from the geometry that distances count from, or null; needed by the distance directions
     * @param expand gives the IRI of a name
     * @throws NgsiLdException BadRequestData, naming the parameter and the position, or TooComplexQuery
     */
    public static OrderBy parse(
            String orderBy, @Nullable String collation, @Nullable Geometry from, UnaryOperator<String> expand) {
        TextCursor in = new TextCursor("orderBy", orderBy, expand, MAX_LENGTH);
        List<Term> terms = new ArrayList<>();
        do {
            if (terms.size() == MAX_TERMS) {
                throw in.tooComplex("at most " + MAX_TERMS + " terms are allowed");
            }
            in.skipBlanks();
            AttributePath path = in.path();
            terms.add(new Term(path, in.take(';') ? direction(in) : Direction.ASCENDING));
            in.skipBlanks();
        } while (in.take(','));
        if (!in.atEnd()) {
            throw in.expected("\",\", \";\" or the end");
        }
        if (from == null && terms.stream().anyMatch(term -> term.direction().isByDistance())) {
            throw NgsiLdException.badRequest(
                    "orderFrom is missing: an order by distance needs the coordinates to count from");
        }
        String tag = collation == null ? "und" : collation;
        return new OrderBy(terms, tag, from, collator(tag));
    }

    /**
     * Reads {@code orderFrom} and {@code orderGeometry}.
     *
     * @param orderFrom coordinates as JSON text, or null
     * @param orderGeometry a geometry type; Point if null
     * @return the geometry, or null if there is none
     * @throws NgsiLdException BadRequestData, naming the parameter
     */
    public static @Nullable Geometry from(
            @Nullable String orderFrom, @Nullable String orderGeometry, GeoQueryParser.JsonText json) {
        if (orderFrom == null) {
            if (orderGeometry != null) {
                throw NgsiLdException.badRequest("orderFrom is missing: orderGeometry needs it");
            }
            return null;
        }
        return GeoQueryParser.geometry(
                "orderGeometry",
                orderGeometry == null ? "Point" : orderGeometry,
                "orderFrom",
                GeoQueryParser.read("orderFrom", orderFrom, json));
    }

    private static Direction direction(TextCursor in) {
        Direction[] longestFirst = {
            Direction.DISTANCE_ASCENDING, Direction.DISTANCE_DESCENDING, Direction.ASCENDING, Direction.DESCENDING
        };
        for (Direction direction : longestFirst) {
            if (in.take(direction.term())) {
                return direction;
            }
        }
        throw in.expected("asc, desc, dist-asc or dist-desc");
    }

    private static Collator collator(String tag) {
        try {
            ULocale locale = new ULocale.Builder().setLanguageTag(tag).build();
            String wanted = locale.getKeywordValue("collation");
            if (wanted != null
                    && !Arrays.asList(Collator.getKeywordValues("collation")).contains(wanted)) {
                throw badCollation();
            }
            return Collator.getInstance(locale).freeze();
        } catch (IllformedLocaleException | IllegalArgumentException | UnsupportedOperationException e) {
            throw badCollation();
        }
    }

    private static NgsiLdException badCollation() {
        return NgsiLdException.badRequest(
                "collation: expected the language tag of an ICU collation, such as und or de-u-co-phonebk");
    }

    /** The criteria in their order. */
    public List<Term> terms() {
        return terms;
    }

    /** The language tag of the collation. */
    public String collation() {
        return collation;
    }

    /** The geometry that distances count from, or null. */
    public @Nullable Geometry from() {
        return from;
    }

    /** The order. Where many entities are sorted, {@link #sorted} looks into each of them once only. */
    public Comparator<Entity> comparator() {
        return (a, b) -> compare(keys(a), keys(b));
    }

    /** The entities in this order. */
    public List<Entity> sorted(Collection<Entity> entities) {
        List<Keys> keys = new ArrayList<>(entities.size());
        entities.forEach(entity -> keys.add(keys(entity)));
        keys.sort(this::compare);
        List<Entity> result = new ArrayList<>(keys.size());
        keys.forEach(k -> result.add(k.entity));
        return result;
    }

    private record Keys(Entity entity, List<Key> keys) {}

    private Keys keys(Entity entity) {
        List<Key> keys = new ArrayList<>(terms.size());
        for (Term term : terms) {
            KeyFinder finder = new KeyFinder(term);
            term.path().visit(entity, finder);
            keys.add(finder.found);
        }
        return new Keys(entity, keys);
    }

    private int compare(Keys a, Keys b) {
        for (int i = 0; i < terms.size(); i++) {
            Key x = a.keys.get(i);
            Key y = b.keys.get(i);
            int order = compare(x, y);
            // "null values last" holds in either direction
            boolean bothThere = x.rank.compareTo(Rank.NULL) < 0 && y.rank.compareTo(Rank.NULL) < 0;
            if (order != 0) {
                return terms.get(i).direction().isDescending() && bothThere ? -order : order;
            }
        }
        return a.entity.id().compareTo(b.entity.id());
    }

    private int compare(Key a, Key b) {
        int order = a.rank.compareTo(b.rank);
        if (order != 0) {
            return order;
        }
        if (a.value instanceof Value.Num x && b.value instanceof Value.Num y) {
            return Numbers.compare(x, y);
        }
        if (a.value instanceof Double x && b.value instanceof Double y) {
            return Double.compare(x, y);
        }
        if (a.value instanceof Moment x && b.value instanceof Moment y) {
            return x.compareTo(y);
        }
        if (a.value instanceof Boolean x && b.value instanceof Boolean y) {
            return Boolean.compare(x, y);
        }
        return a.value instanceof String x && b.value instanceof String y ? collator.compare(x, y) : 0;
    }

    /** Clause 4.23.2. */
    private enum Rank {
        DISTANCE,
        NUMBER,
        STRING,
        OBJECT,
        ARRAY,
        BOOLEAN,
        TIME,
        DATE,
        DATE_TIME,
        NULL,
        ABSENT
    }

    private record Key(Rank rank, @Nullable Object value) {
        private static final Key ABSENT = new Key(Rank.ABSENT, null);

        static Key of(String text) {
            Moment moment = Moment.parse(text);
            return moment == null ? new Key(Rank.STRING, text) : of(moment);
        }

        static Key of(Moment moment) {
            Rank rank =
                    switch (moment.kind()) {
                        case TIME -> Rank.TIME;
                        case DATE -> Rank.DATE;
                        case DATE_TIME -> Rank.DATE_TIME;
                    };
            return new Key(rank, moment);
        }

        static Key of(Value value) {
            if (value instanceof Value.Num) {
                return new Key(Rank.NUMBER, value);
            }
            if (value instanceof Value.Text text) {
                return of(text.text());
            }
            if (value instanceof Value.Bool bool) {
                return new Key(Rank.BOOLEAN, bool.truth());
            }
            if (value instanceof Value.Obj object) {
                Value inner = object.get("@value");
                return inner != null && !(inner instanceof Value.Obj) ? of(inner) : new Key(Rank.OBJECT, null);
            }
            return new Key(value instanceof Value.Array ? Rank.ARRAY : Rank.NULL, null);
        }

        static Key of(List<String> texts) {
            return texts.size() == 1 ? of(texts.get(0)) : new Key(Rank.ARRAY, null);
        }
    }

    /** Keeps the default instance's value, otherwise the first one met. */
    private final class KeyFinder implements AttributePath.Visitor {
        private final Term term;
        private Key found = Key.ABSENT;

        KeyFinder(Term term) {
            this.term = term;
        }

        private boolean offer(Key key, boolean last) {
            if (found.rank == Rank.ABSENT || last) {
                found = key;
            }
            return last;
        }

        @Override
        public boolean attribute(Attribute instance) {
            boolean isDefault = instance.meta().datasetId() == null;
            if (instance instanceof Attribute.GeoProperty geo
                    && term.direction().isByDistance()
                    && from != null) {
                return offer(
                        new Key(Rank.DISTANCE, Distances.between(geo.value().shape(), from.shape())), isDefault);
            }
            return offer(key(instance), isDefault);
        }

        private Key key(Attribute instance) {
            if (instance instanceof Attribute.Property p) {
                return follow(p.value(), false);
            }
            if (instance instanceof Attribute.JsonProperty j) {
                return follow(j.json(), true);
            }
            if (instance instanceof Attribute.GeoProperty g) {
                return follow(g.value().geoJson(), true);
            }
            if (instance instanceof Attribute.LanguageProperty l) {
                return language(l);
            }
            if (!term.path().trail().isEmpty()) {
                return Key.ABSENT;
            }
            if (instance instanceof Attribute.VocabProperty v) {
                return Key.of(v.vocab());
            }
            if (instance instanceof Attribute.Relationship r) {
                return Key.of(r.objects());
            }
            return new Key(Rank.ARRAY, null);
        }

        private Key follow(Value start, boolean raw) {
            Value value = QEvaluator.follow(start, term.path().trail(), raw);
            return value == null ? Key.ABSENT : Key.of(value);
        }

        /** The language asked for, otherwise the first one. */
        private Key language(Attribute.LanguageProperty property) {
            if (term.path().trail().size() > 1) {
                return Key.ABSENT;
            }
            String tag = term.path().trail().isEmpty()
                    ? "*"
                    : term.path().trail().get(0).term();
            List<String> texts = property.languageMap().get(tag);
            if (texts == null && tag.equals("*") && !property.languageMap().isEmpty()) {
                texts = property.languageMap().values().iterator().next();
            }
            return texts == null ? Key.ABSENT : Key.of(texts);
        }

        @Override
        public boolean text(String text) {
            return offer(Key.of(text), false);
        }

        @Override
        public boolean texts(List<String> texts) {
            return offer(Key.of(texts), false);
        }

        @Override
        public boolean time(Instant time) {
            return offer(Key.of(Moment.of(time)), false);
        }
    }

    /** The IRIs of the attributes that the terms start with. */
    public Set<String> attributes() {
        Set<String> found = new java.util.LinkedHashSet<>();
        for (Term term : terms) {
            String attribute = term.path().attribute();
            if (attribute != null) {
                found.add(attribute);
            }
        }
        return found;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OrderBy o
                && o.terms.equals(terms)
                && o.collation.equals(collation)
                && Objects.equals(o.from, from);
    }

    @Override
    public int hashCode() {
        return Objects.hash(terms, collation, from);
    }

    @Override
    public String toString() {
        return "OrderBy[" + terms + " " + collation + " " + from + "]";
    }
}
