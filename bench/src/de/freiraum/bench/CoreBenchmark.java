package de.freiraum.bench;

import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChanges;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.MergeOptions;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.QExpression;
import de.freiraum.query.QParser;
import de.freiraum.representation.EntityReader;
import de.freiraum.representation.EntityWriter;
import de.freiraum.representation.ReadMode;
import de.freiraum.representation.RepresentationOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The parts of the core that every request passes, on a parking spot of five attributes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CoreBenchmark {
    private static final Instant NOW = Instant.parse("2026-03-02T07:00:00Z");
    private static final byte[] BODY = """
            {"id":"urn:ngsi-ld:ParkingSpot:bench:1","type":"ParkingSpot",
             "status":{"type":"Property","value":"occupied","observedAt":"2026-03-02T07:00:00.123Z"},
             "category":{"type":"Property","value":["onStreet"]},
             "refParkingSite":{"type":"Relationship","object":"urn:ngsi-ld:OnStreetParking:bench:1"},
             "name":{"type":"Property","value":"Stellplatz 1"},
             "location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.565,51.444]}}}""".getBytes(StandardCharsets.UTF_8);
    private static final byte[] PATCH =
            "{\"status\":{\"type\":\"Property\",\"value\":\"free\",\"observedAt\":\"2026-03-02T08:00:00.123Z\"}}"
                    .getBytes(StandardCharsets.UTF_8);

    private final Context context = BuiltInContexts.named("parking");
    private final RepresentationOptions options = RepresentationOptions.of(context);
    private final EntityWriter forgetful = new EntityWriter(0);
    private final EntityWriter remembering = new EntityWriter(1 << 20);
    private final Value tree = JsonReader.read(BODY);
    private final Entity entity =
            Objects.requireNonNull(EntityChanges.create(EntityReader.read(tree, context, ReadMode.CREATE))
                    .apply(null, NOW)
                    .after());
    private final EntityFragment patch = EntityReader.read(JsonReader.read(PATCH), context, ReadMode.MERGE);
    private final EntityChange merge = EntityChanges.merge(entity.id(), patch, MergeOptions.NONE);
    private final QExpression q =
            QParser.parse("status==\"free\";name~=\"Stell.*\"|category==\"offStreet\"", context::expand);
    private final EntityQuery query = EntityQuery.ALL.withQ(q);

    /** Bytes to tree. */
    @Benchmark
    public Value parseJson() {
        return JsonReader.read(BODY);
    }

    /** Tree to model: expansion and validation. */
    @Benchmark
    public EntityFragment expand() {
        return EntityReader.read(tree, context, ReadMode.CREATE);
    }

    /** Model to bytes: compaction and writing. */
    @Benchmark
    public byte[] render() {
        return forgetful.write(entity, options);
    }

    /** The bytes remembered from before. */
    @Benchmark
    public byte[] renderRemembered() {
        return remembering.write(entity, options);
    }

    /** Three comparisons, the first of which fails. */
    @Benchmark
    public boolean evaluateQ() {
        return query.matches(entity);
    }

    /** A patch of one attribute. */
    @Benchmark
    public EntityChange.Outcome merge() {
        return merge.apply(entity, NOW);
    }
}
