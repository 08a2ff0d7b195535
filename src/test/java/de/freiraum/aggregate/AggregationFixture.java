package de.freiraum.aggregate;

import static java.util.concurrent.TimeUnit.SECONDS;

import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Observations;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.store.TemporalStore.Range;
import de.freiraum.store.embedded.EmbeddedOptions;
import de.freiraum.store.embedded.EmbeddedStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A real store with aggregators on it and a clock that is set by hand. */
public final class AggregationFixture implements AutoCloseable {
    public static final Context PARKING = BuiltInContexts.named("parking");
    public static final Context DEVICE = BuiltInContexts.named("device");
    public static final Context FOOTFALL = BuiltInContexts.named("footfall");
    public static final Tenant CITY = new Tenant("schwerte");

    private volatile Instant now;
    private final Vertx vertx;
    private final AggregateConfig config;
    private final EmbeddedOptions options;
    private EmbeddedStore store;
    private Aggregators aggregators;

    private AggregationFixture(Instant now, AggregateConfig config, java.nio.file.@Nullable Path directory) {
        this.now = now;
        this.config = config;
        this.vertx = Vertx.vertx();
        InstantSource clock = this::now;
        this.options = directory == null ? EmbeddedOptions.inMemory(clock) : EmbeddedOptions.at(directory, clock);
        this.store = await(EmbeddedStore.open(vertx, options));
        this.aggregators = await(Aggregators.start(store, store, config, clock, vertx));
    }

    /** In memory, with the defaults. */
    public static AggregationFixture at(String now) {
        return new AggregationFixture(Instant.parse(now), AggregateConfig.DEFAULT.withTick(Duration.ZERO), null);
    }

    /** With another configuration. */
    public static AggregationFixture at(String now, AggregateConfig config) {
        return new AggregationFixture(Instant.parse(now), config.withTick(Duration.ZERO), null);
    }

    /** On disk, each change durable. */
    public static AggregationFixture at(String now, java.nio.file.Path directory) {
        return new AggregationFixture(Instant.parse(now), AggregateConfig.DEFAULT.withTick(Duration.ZERO), directory);
    }

    public Aggregators aggregators() {
        return aggregators;
    }

    public Instant now() {
        return now;
    }

    public void clock(Instant time) {
        now = time;
    }

    public void drain() {
        await(aggregators.drain());
    }

    /** Stops the aggregators but not the store, as if the process died between a change and its aggregate. */
    public void stopAggregating() {
        await(aggregators.close());
    }

    public void startAggregating() {
        aggregators = await(Aggregators.start(store, store, config, this::now, vertx));
        drain();
    }

    /** Closes everything and opens it again from what is on disk. */
    public void restart() {
        await(aggregators.close());
        await(store.close());
        store = await(EmbeddedStore.open(vertx, options));
        startAggregating();
    }

    public void observe(String id, String type, Map<String, List<Attribute>> attributes) {
        EntityFragment fragment = new EntityFragment(id, List.of(type), null, attributes, null, Set.of());
        await(store.apply(CITY, id, Observations.update(fragment), Origin.SENSOR));
    }

    public void delete(String id) {
        await(store.apply(CITY, id, de.freiraum.model.EntityChanges.delete(id), Origin.API));
    }

    public @Nullable Entity find(String id) {
        return await(store.retrieve(CITY, id));
    }

    public Entity entity(String id) {
        Entity entity = find(id);
        if (entity == null) {
            throw new AssertionError("there is no entity " + id);
        }
        return entity;
    }

    public List<TemporalInstance> history(String id, String attribute) {
        return await(store.instances(CITY, id, Set.of(attribute), Range.ALL));
    }

    // Parking

    public void spot(String id, String site, String status, String observedAt) {
        spot(id, site, status, observedAt, List.of("onStreet"), null);
    }

    public void spot(
            String id, String site, String status, String observedAt, List<String> category, @Nullable String stale) {
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        AttributeMeta meta = AttributeMeta.NONE.withObservedAt(Instant.parse(observedAt));
        if (stale != null) {
            meta = meta.withAttributes(Map.of(PARKING.expand("staleAfter"), List.of(text(stale))));
        }
        attributes.put(PARKING.expand("status"), List.of(new Attribute.Property(Value.of(status), meta)));
        attributes.put(
                PARKING.expand("category"),
                List.of(new Attribute.Property(Value.ofTexts(category), AttributeMeta.NONE)));
        attributes.put(PARKING.expand("refParkingSite"), List.of(relationship(site)));
        observe(spotId(id), PARKING.expand("ParkingSpot"), attributes);
    }

    public static String spotId(String id) {
        return "urn:ngsi-ld:ParkingSpot:schwerte:" + id;
    }

    public static @Nullable Object value(Entity entity, String iri) {
        Attribute attribute = entity.defaultInstance(iri);
        return attribute instanceof Attribute.Property p ? plain(p.value()) : null;
    }

    public @Nullable Object parking(String id, String term) {
        return value(entity(id), PARKING.expand(term));
    }

    // Footfall

    public static String counterId(String id) {
        return "urn:ngsi-ld:CrowdFlowObserved:schwerte:" + id;
    }

    public static String siteId(String id) {
        return "urn:ngsi-ld:PointOfInterest:schwerte:" + id;
    }

    public void counter(String id, String site) {
        observe(
                counterId(id),
                FOOTFALL.expand("CrowdFlowObserved"),
                Map.of(
                        FOOTFALL.expand("name"),
                        List.of(text("Counter " + id)),
                        NgsiLd.LOCATION,
                        List.of(new Attribute.GeoProperty(Geometry.point(7.5, 51.4), AttributeMeta.NONE)),
                        FOOTFALL.expand("refSite"),
                        List.of(relationship(siteId(site)))));
    }

    /** A message of a counter: {@code members} are terms with numbers, texts or truth values. */
    public void reading(String counter, @Nullable String line, Instant at, Map<String, Object> members) {
        Map<String, Value> value = new LinkedHashMap<>();
        members.forEach((term, member) -> value.put(
                DEVICE.expand(term),
                member instanceof Number n
                        ? Value.of(n.longValue())
                        : member instanceof Boolean b ? Value.of((boolean) b) : Value.of(member.toString())));
        AttributeMeta meta = AttributeMeta.NONE.withObservedAt(at).withDatasetId(line);
        observe(
                "urn:ngsi-ld:Device:" + counter,
                DEVICE.expand("Device"),
                Map.of(
                        DEVICE.expand("counterReading"),
                        List.of(new Attribute.Property(new Value.Obj(value), meta)),
                        DEVICE.expand("controlledAsset"),
                        List.of(relationship(counterId(counter)))));
    }

    public void lateBound(String counter, String duration) {
        observe(
                "urn:ngsi-ld:Device:" + counter,
                DEVICE.expand("Device"),
                Map.of(DEVICE.expand("lateBound"), List.of(text(duration))));
    }

    public void interval(String counter, Instant from, int minutes, long towards, long away) {
        reading(
                counter,
                null,
                from.plus(Duration.ofMinutes(minutes)),
                Map.of("from", from, "towards", towards, "away", away));
    }

    public Entity window(String counterOrSite, String length) {
        return entity(counterOrSite + ":" + length);
    }

    public static @Nullable Object footfall(Entity entity, String term) {
        return value(entity, FOOTFALL.expand(term));
    }

    /** The people of all windows of one length, by the window's begin; the last written counts. */
    public Map<Instant, Long> people(String counterOrSite, String length) {
        Map<Instant, Long> people = new java.util.TreeMap<>();
        for (TemporalInstance instance : history(counterOrSite + ":" + length, FOOTFALL.expand("peopleCount"))) {
            Instant start = instance.instance().meta().observedAt();
            if (start != null
                    && instance.instance() instanceof Attribute.Property p
                    && p.value() instanceof Value.Num n
                    && people.put(start, n.number().longValue()) != null) {
                throw new AssertionError("the window of " + start + " is in history twice");
            }
        }
        return people;
    }

    private static Attribute text(String text) {
        return new Attribute.Property(Value.of(text), AttributeMeta.NONE);
    }

    private static Attribute relationship(String object) {
        return new Attribute.Relationship(List.of(object), AttributeMeta.NONE);
    }

    private static Object plain(Value value) {
        return value instanceof Value.Num n ? n.number() : value instanceof Value.Text t ? t.text() : value;
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not done within 20 seconds", e);
        }
    }

    @Override
    public void close() {
        await(aggregators.close());
        await(store.close());
        await(vertx.close());
    }
}
