package de.freiraum.store;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Entities made of few names and values, so that random queries find some of them: every kind of attribute, several instances, sub-attributes,
 * numbers that are hard to compare, texts that are moments, places at the antimeridian and the poles, parts that are expired.
 */
final class GeneratedEntities {
    static final String NAMESPACE = "https://example.org/";
    static final List<String> TYPES = List.of(NAMESPACE + "T", NAMESPACE + "U", NAMESPACE + "V");
    static final List<String> NAMES = List.of(NAMESPACE + "a", NAMESPACE + "b", NAMESPACE + "c");
    static final List<String> SCOPES = List.of("/x", "/x/y", "/x/y/z", "/x/w", "v", "/x.y", "/x/");
    static final List<String> TEXTS = List.of(
            "",
            "a",
            "b",
            "abc",
            "ä",
            "z\uD83D\uDEB2",
            "z\uFFFD",
            "2026-03-29",
            "2026-03-29T00:30:00Z",
            "2026-03-29T00:30:00.000Z",
            "2026-03-29T00:30:00,5Z",
            "00:30:00Z",
            "00:30:00.0Z",
            "urn:x:3",
            "true",
            "1",
            "x".repeat(255),
            "x".repeat(256),
            "x".repeat(300) + "y",
            "x".repeat(300) + "z");
    static final List<Number> NUMBERS = List.of(
            0L,
            1L,
            -1L,
            1.0,
            0.1,
            -0.0,
            2.5,
            Double.valueOf("1e23"),
            1L << 53,
            (1L << 53) + 1,
            Long.MAX_VALUE,
            9.007199254740992E15,
            new BigInteger("100000000000000000000000"),
            new BigDecimal("0.10000000000000000001"),
            new BigDecimal("1e400"));

    private final Random random;
    private final int count;
    private final Instant now;

    GeneratedEntities(Random random, int count, Instant now) {
        this.random = random;
        this.count = count;
        this.now = now;
    }

    static String id(int number) {
        return "urn:x:" + number;
    }

    Entity entity(int number) {
        Map<String, List<Attribute>> attributes = attributes(2);
        if (random.nextInt(3) > 0) {
            attributes.put(
                    NgsiLd.LOCATION,
                    List.of(new Attribute.GeoProperty(
                            geometry(),
                            AttributeMeta.NONE.withTimes(now.minusSeconds(60), now.minusSeconds(5), null))));
        }
        return new Entity(
                id(number),
                List.copyOf(some(TYPES, 1)),
                List.copyOf(some(SCOPES, 0)),
                attributes,
                now.minusSeconds(60),
                now.minusSeconds(random.nextInt(50)),
                random.nextInt(12) == 0 ? expiry() : null);
    }

    private Map<String, List<Attribute>> attributes(int depth) {
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        for (String name : some(NAMES, 0)) {
            List<Attribute> instances = new ArrayList<>();
            int number = random.nextInt(5) == 0 ? 2 : 1;
            for (int i = 0; i < number; i++) {
                instances.add(attribute(i == 0 && random.nextInt(6) > 0 ? null : "urn:dataset:" + i, depth));
            }
            attributes.put(name, instances);
        }
        return attributes;
    }

    private Instant expiry() {
        return now.plusSeconds(random.nextInt(3) - 1);
    }

    private Attribute attribute(@org.jspecify.annotations.Nullable String dataset, int depth) {
        AttributeMeta meta = new AttributeMeta(
                dataset,
                random.nextInt(3) == 0 ? now.minusSeconds(random.nextInt(5)) : null,
                random.nextInt(4) == 0 ? "CEL" : null,
                null,
                List.of(),
                random.nextInt(12) == 0 ? expiry() : null,
                now.minusSeconds(60),
                now.minusSeconds(5),
                null,
                null,
                depth == 0 || random.nextInt(3) > 0 ? Map.of() : attributes(depth - 1),
                Set.of());
        return switch (random.nextInt(12)) {
            case 0 -> new Attribute.Relationship(List.of(linked()), meta);
            case 1 -> new Attribute.Relationship(List.of(linked(), linked()), meta);
            case 2 -> new Attribute.ListRelationship(List.of(linked(), linked()), meta);
            case 3 ->
                new Attribute.LanguageProperty(
                        random.nextInt(5) == 0
                                ? Map.of()
                                : Map.of("de", List.of(pick(TEXTS)), "en", List.of(pick(TEXTS), pick(TEXTS))),
                        meta);
            case 4 -> new Attribute.VocabProperty(List.of(pick(TEXTS), pick(TEXTS)), meta);
            case 5 -> new Attribute.JsonProperty(value(1), meta);
            case 6 -> new Attribute.ListProperty(List.of(value(1), scalar()), meta);
            case 7 -> new Attribute.GeoProperty(geometry(), meta);
            default -> new Attribute.Property(value(2), meta);
        };
    }

    private String linked() {
        return id(random.nextInt(count + 3));
    }

    private Value value(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 4 -> new Value.Array(List.of(value(depth - 1), scalar()));
            case 5 -> new Value.Obj(Map.of("@type", Value.of("t"), "@value", scalar()));
            case 6 -> new Value.Obj(Map.of(pick(NAMES), value(depth - 1), "n", scalar()));
            default -> scalar();
        };
    }

    Value scalar() {
        return switch (random.nextInt(5)) {
            case 0 -> Value.of(random.nextBoolean());
            case 1, 2 -> new Value.Num(pick(NUMBERS));
            default -> Value.of(pick(TEXTS));
        };
    }

    Geometry geometry() {
        return Geometry.of(geoJson(1));
    }

    private Value geoJson(int depth) {
        double x = pick(List.of(7.5, 7.51, -179.99, 179.99, 0.0, 100.0));
        double y = pick(List.of(51.4, 51.41, -51.4, 0.0, 88.99, 89.5, -90.0));
        double dx = pick(List.of(0.01, 1.0, 50.0, 120.0));
        double dy = pick(List.of(0.01, 0.5));
        double east = Math.min(180, x + dx);
        double north = Math.min(90, y + dy);
        return switch (random.nextInt(depth == 0 ? 6 : 8)) {
            case 0 -> shape("LineString", array(position(x, y), position(east, north)));
            case 1 ->
                shape(
                        "Polygon",
                        array(array(
                                position(x, y),
                                position(east, y),
                                position(east, north),
                                position(x, north),
                                position(x, y))));
            case 2 -> shape("MultiPoint", array(position(x, y), position(east, north)));
            case 6 -> new Value.Obj(Map.of("type", Value.of("GeometryCollection"), "geometries", array()));
            case 7 ->
                new Value.Obj(
                        Map.of("type", Value.of("GeometryCollection"), "geometries", array(geoJson(0), geoJson(0))));
            default -> shape("Point", position(x, y));
        };
    }

    private static Value shape(String type, Value coordinates) {
        return new Value.Obj(Map.of("type", Value.of(type), "coordinates", coordinates));
    }

    private static Value.Array array(Value... items) {
        return new Value.Array(List.of(items));
    }

    private static Value position(double x, double y) {
        return array(Value.of(x), Value.of(y));
    }

    <T> Set<T> some(List<T> all, int least) {
        Set<T> some = new LinkedHashSet<>();
        all.forEach(one -> {
            if (random.nextInt(3) == 0) {
                some.add(one);
            }
        });
        while (some.size() < least) {
            some.add(pick(all));
        }
        return some;
    }

    <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
