package de.freiraum.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/** Generators of everything that can be stored, for property tests: use them from {@code @Provide} methods. */
public final class ModelArbitraries {
    private static final BigDecimal SMALLEST_INEXACT = new BigDecimal("0.10000000000000000001");

    private ModelArbitraries() {}

    /** Any text without lone surrogates, which JSON in UTF-8 cannot carry. */
    public static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().alpha().ofMaxLength(12),
                Arbitraries.strings()
                        .withChars('ä', 'ß', '€', '\u0000', '\n', '"', '\\', '<', '漢')
                        .ofMaxLength(5),
                Arbitraries.of("", "\uD83D\uDEB2 frei", "urn:ngsi-ld:null", "2024-02-29T12:00:00Z"));
    }

    /** URNs as entity ids. */
    public static Arbitrary<String> uris() {
        return Combinators.combine(
                        Arbitraries.of("ParkingSpot", "CrowdFlowObserved", "Device"),
                        Arbitraries.integers().between(0, 50))
                .as((type, number) -> "urn:ngsi-ld:" + type + ":" + number);
    }

    /** Names of types and attributes. */
    public static Arbitrary<String> iris() {
        return Arbitraries.of(
                NgsiLd.LOCATION,
                NgsiLd.DEFAULT_CONTEXT + "a",
                NgsiLd.DEFAULT_CONTEXT + "b",
                "https://uri.fiware.org/ns/dataModels#occupancy",
                "https://example.org/" + "lang".repeat(30));
    }

    /** Numbers in the form in which a reader of JSON gives them. */
    public static Arbitrary<Number> numbers() {
        Arbitrary<Number> longs = Arbitraries.longs().map(n -> n);
        Arbitrary<Number> doubles =
                Arbitraries.doubles().between(-1e300, 1e300).ofScale(6).map(n -> n);
        Arbitrary<Number> special = Arbitraries.<Number>of(
                Double.MIN_VALUE, Double.MAX_VALUE, 0.1, 1e-300, Long.MIN_VALUE, Long.MAX_VALUE, 0L, 1.0);
        Arbitrary<Number> large = Arbitraries.longs().greaterOrEqual(1).map(n -> BigInteger.valueOf(n)
                .add(BigInteger.ONE.shiftLeft(80)));
        Arbitrary<Number> exact = Arbitraries.longs().map(n -> SMALLEST_INEXACT.add(BigDecimal.valueOf(n)));
        return Arbitraries.oneOf(longs, doubles, special, large, exact);
    }

    /** JSON values, nested at most so deep. */
    public static Arbitrary<Value> values(int depth) {
        List<Arbitrary<? extends Value>> kinds = new ArrayList<>();
        kinds.add(texts().map(Value.Text::new));
        kinds.add(numbers().map(Value.Num::new));
        kinds.add(Arbitraries.of(Value.Bool.TRUE, Value.Bool.FALSE));
        if (depth > 0) {
            kinds.add(values(depth - 1).list().ofMaxSize(3).map(Value.Array::new));
            kinds.add(objects(depth - 1));
        }
        return Arbitraries.oneOf(kinds);
    }

    /** JSON values as JSON literals have them: with null. */
    public static Arbitrary<Value> literals() {
        return Arbitraries.oneOf(
                values(2),
                Arbitraries.of(Value.Null.INSTANCE, new Value.Array(List.of(Value.Null.INSTANCE, Value.of(1)))));
    }

    private static Arbitrary<Value.Obj> objects(int depth) {
        return Arbitraries.maps(texts(), values(depth))
                .ofMaxSize(3)
                .map(members -> new Value.Obj(new LinkedHashMap<>(members)));
    }

    /** Points, lines, polygons and collections. */
    public static Arbitrary<Geometry> geometries() {
        Arbitrary<Value> position = Combinators.combine(
                        Arbitraries.doubles().between(-179, 179).ofScale(6),
                        Arbitraries.doubles().between(-89, 89).ofScale(6))
                .as((x, y) -> array(Value.of(x), Value.of(y)));
        Arbitrary<Value> points = position.map(p -> geometry("Point", p));
        Arbitrary<Value> lines =
                position.list().ofMinSize(2).ofMaxSize(4).map(p -> geometry("LineString", new Value.Array(p)));
        Arbitrary<Value> polygons = position.map(p -> geometry(
                "Polygon",
                array(array(
                        array(Value.of(0), Value.of(0)),
                        array(Value.of(1), Value.of(0)),
                        array(Value.of(1L), Value.of(1.5)),
                        array(Value.of(0), Value.of(0))))));
        Arbitrary<Value> single = Arbitraries.oneOf(points, lines, polygons);
        Arbitrary<Value> collections = single.list()
                .ofMaxSize(3)
                .map(members -> new Value.Obj(ordered(Map.of(
                        "type", Value.of("GeometryCollection"), "geometries", (Value) new Value.Array(members)))));
        return Arbitraries.oneOf(single, collections).map(Geometry::of);
    }

    private static Value geometry(String type, Value coordinates) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("type", Value.of(type));
        members.put("coordinates", coordinates);
        return new Value.Obj(members);
    }

    private static Map<String, Value> ordered(Map<String, Value> members) {
        return new LinkedHashMap<>(members);
    }

    private static Value array(Value... items) {
        return new Value.Array(List.of(items));
    }

    /** Times of the years 1 to 9999, most of them with few decimals. */
    public static Arbitrary<Instant> instants() {
        return Combinators.combine(
                        Arbitraries.longs().between(-62_000_000_000L, 253_000_000_000L),
                        Arbitraries.of(0, 1_000_000, 123_000_000, 123_456_000, 999_999_999))
                .as(Instant::ofEpochSecond);
    }

    /** Stored attribute instances of every kind, with sub-attributes nested at most so deep. */
    public static Arbitrary<Attribute> attributes(int depth) {
        Arbitrary<Attribute> bare = Arbitraries.oneOf(
                values(2).map(v -> new Attribute.Property(v, AttributeMeta.NONE)),
                geometries().map(g -> new Attribute.GeoProperty(g, AttributeMeta.NONE)),
                uris().list().ofMinSize(1).ofMaxSize(3).map(u -> new Attribute.Relationship(u, AttributeMeta.NONE)),
                Arbitraries.maps(
                                Arbitraries.of("de", "en-GB", "@none"),
                                texts().list().ofMinSize(1).ofMaxSize(2))
                        .ofMinSize(1)
                        .map(m -> new Attribute.LanguageProperty(m, AttributeMeta.NONE)),
                iris().list().ofMinSize(1).ofMaxSize(2).map(v -> new Attribute.VocabProperty(v, AttributeMeta.NONE)),
                literals().map(v -> new Attribute.JsonProperty(v, AttributeMeta.NONE)),
                values(1).list().ofMaxSize(3).map(v -> new Attribute.ListProperty(v, AttributeMeta.NONE)),
                uris().list().ofMaxSize(3).map(u -> new Attribute.ListRelationship(u, AttributeMeta.NONE)));
        return Combinators.combine(bare, metadata(depth)).as(Attribute::with);
    }

    /** Metadata of stored instances. */
    public static Arbitrary<AttributeMeta> metadata(int depth) {
        Arbitrary<Map<String, List<Attribute>>> nested = depth == 0
                ? Arbitraries.just(Map.of())
                : Arbitraries.maps(iris(), attributes(depth - 1).map(List::of)).ofMaxSize(2);
        Arbitrary<AttributeMeta> times = Combinators.combine(
                        optional(instants()),
                        optional(instants()),
                        optional(instants()),
                        optional(instants()),
                        optional(instants()))
                .as((observed, expires, created, modified, deleted) -> new AttributeMeta(
                        null,
                        observed.orNull(),
                        null,
                        null,
                        List.of(),
                        expires.orNull(),
                        created.orNull(),
                        modified.orNull(),
                        deleted.orNull(),
                        null,
                        Map.of(),
                        Set.of()));
        return Combinators.combine(
                        times,
                        optional(uris()),
                        optional(Arbitraries.of("CEL", "P1")),
                        optional(iris()),
                        iris().list().ofMaxSize(2),
                        optional(uris()),
                        nested)
                .as((t, dataset, unit, valueType, objectTypes, instanceId, attributes) -> new AttributeMeta(
                        dataset.orNull(),
                        t.observedAt(),
                        unit.orNull(),
                        valueType.orNull(),
                        objectTypes,
                        t.expiresAt(),
                        t.createdAt(),
                        t.modifiedAt(),
                        t.deletedAt(),
                        instanceId.orNull(),
                        attributes,
                        Set.of()));
    }

    /** Something or nothing; {@code Optional} that gives null. */
    private record Maybe<T>(@Nullable T value) {
        @Nullable
        T orNull() {
            return value;
        }
    }

    private static <T> Arbitrary<Maybe<T>> optional(Arbitrary<T> some) {
        return Arbitraries.oneOf(some.map(Maybe::new), Arbitraries.just(new Maybe<T>(null)));
    }

    /** Stored entities; instances of one attribute differ in their dataset. */
    public static Arbitrary<Entity> entities() {
        Arbitrary<Map<String, List<Attribute>>> attributes = Arbitraries.maps(
                        iris(), attributes(2).list().ofMinSize(1).ofMaxSize(3))
                .ofMaxSize(4)
                .map(ModelArbitraries::apart);
        return Combinators.combine(
                        uris(),
                        iris().set().ofMinSize(1).ofMaxSize(2),
                        Arbitraries.of("/Schwerte", "/Dortmund/Am_Markt").set().ofMaxSize(2),
                        attributes,
                        optional(instants()),
                        optional(instants()),
                        optional(instants()))
                .as((id, types, scopes, all, created, modified, expires) -> new Entity(
                        id,
                        List.copyOf(types),
                        List.copyOf(scopes),
                        all,
                        created.orNull(),
                        modified.orNull(),
                        expires.orNull()));
    }

    private static Map<String, List<Attribute>> apart(Map<String, List<Attribute>> attributes) {
        Map<String, List<Attribute>> result = new LinkedHashMap<>();
        attributes.forEach((iri, instances) -> {
            List<Attribute> different = new ArrayList<>();
            for (Attribute instance : instances) {
                String dataset = different.isEmpty() ? null : "urn:ngsi-ld:Dataset:" + different.size();
                different.add(instance.with(instance.meta().withDatasetId(dataset)));
            }
            result.put(iri, different);
        });
        return result;
    }
}
