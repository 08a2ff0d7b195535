package de.freiraum.ingest;

import static java.util.Objects.requireNonNull;

import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.store.Store;
import de.freiraum.store.TemporalStore;
import de.freiraum.store.TestStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A pipeline into a real store in memory, with a clock set by hand. */
public final class IngestFixture implements AutoCloseable {
    /** The spot of the first sensor. */
    public static final String SPOT = "urn:ngsi-ld:ParkingSpot:schwerte:am-markt:007";

    private static final String SOURCES = """
            sources:
              - id: tts
                tenant: schwerte
                envelope: tts-v3
                mqtt: { topics: ["v3/+/devices/+/up"] }
                webhook: { apiKey: secret }
                fields: { city: schwerte }
              - id: plain
                tenant: schwerte
                envelope: json
                json: { device: id, time: time }
                mqtt: { topics: ["plain/#"] }
                webhook: {}
              - id: signed
                tenant: schwerte
                envelope: json
                webhook: { signature: { secret: key, header: X-Signature } }
              - id: readonly
                envelope: json
                mqtt: { topics: ["other/#"] }
            mqtt: { maxInFlight: 100, maxMessageBytes: 20000, users: %s }
            devices:
              - { dev_eui: 70B3D5FFF0000080, model: bosch/tps110, city: schwerte, site: am-markt, spot: "007", lat: 51.444, lon: 7.565 }
              - { dev_eui: 70B3D5FFF0000081, model: milesight/vs350, city: schwerte, counter: markt-1, site: am-markt, period: PT15M }
              - { id: box-1, model: acme/box, city: schwerte, site: am-markt, spot: "100" }
              - { id: box-2, city: schwerte }
              - { id: box-3, model: acme/unknown-later }
            mappings:
              - mapping: acme-box
                match: { model: [acme/box, acme/unknown-later] }
                emit:
                  - entity: "urn:ngsi-ld:ParkingSpot:{device.city|nowhere}:{device.site|none}:{device.spot|0}"
                    type: ParkingSpot
                    context: parking
                    set:
                      status: { value: "decoded.busy ? 'occupied' : 'free'", required: true, oneOf: [free, occupied] }
                      width: { value: "decoded.width", min: 0, max: 100, unit: MTR }
            """;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-28T22:00:00Z"));
    private final Store store;
    private IngestPipeline pipeline;

    public IngestFixture() {
        this("[]");
    }

    /** With users of the MQTT endpoint, in YAML. */
    public IngestFixture(String users) {
        store = await(TestStore.open(vertx, clock()));
        pipeline = newPipeline(users, 1000);
    }

    private IngestPipeline newPipeline(String users, int seenInMemory) {
        IngestConfig config = IngestConfig.read(
                new YamlText("sources.yaml", SOURCES.formatted(users)),
                List.of(),
                name -> new YamlText(name, ""),
                Map.of());
        IngestPipeline made =
                new IngestPipeline(store, store, clock(), config, new IngestPipeline.Limits(5, seenInMemory));
        await(made.start());
        return made;
    }

    /** Another pipeline on the same store, as after a restart. */
    public void restart() {
        restartRememberingOnly(1000);
    }

    /** The same, with room for fewer messages in memory. */
    public void restartRememberingOnly(int messages) {
        pipeline = newPipeline("[]", messages);
    }

    public Vertx vertx() {
        return vertx;
    }

    public Store store() {
        return store;
    }

    public IngestPipeline pipeline() {
        return pipeline;
    }

    public InstantSource clock() {
        return now::get;
    }

    public void at(String instant) {
        now.set(Instant.parse(instant));
    }

    public Receipt accept(String source, String json) {
        return await(pipeline.accept(source, message(json)));
    }

    public RawMessage message(String json) {
        return RawMessage.of(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "/ingest/x", clock().instant());
    }

    /** A TTS uplink of the first sensor. */
    public static String uplink(int counter, String payload, String time) {
        return "{'end_device_ids':{'dev_eui':'70B3D5FFF0000080','dev_addr':'260B0001'},'received_at':'" + time
                + "','uplink_message':{'session_key_id':'S1','f_port':1,'f_cnt':" + counter + ",'frm_payload':'"
                + payload + "','received_at':'" + time + "'}}";
    }

    public @Nullable Entity entity(String id) {
        return await(store.retrieve(new Tenant("schwerte"), id));
    }

    public Attribute attribute(String id, String context, String term) {
        Entity entity = requireNonNull(entity(id), id);
        return requireNonNull(
                entity.defaultInstance(BuiltInContexts.named(context).expand(term)), term);
    }

    public Value value(String id, String context, String term) {
        return ((Attribute.Property) attribute(id, context, term)).value();
    }

    public List<TemporalInstance> history(String id, String context, String term) {
        return await(store.instances(
                new Tenant("schwerte"),
                id,
                Set.of(BuiltInContexts.named(context).expand(term)),
                TemporalStore.Range.ALL));
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not done in 20 seconds", e);
        }
    }

    @Override
    public void close() {
        await(store.close());
        await(vertx.close());
    }
}
