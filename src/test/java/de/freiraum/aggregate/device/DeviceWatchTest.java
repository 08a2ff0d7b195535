package de.freiraum.aggregate.device;

import static de.freiraum.aggregate.AggregationFixture.DEVICE;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.aggregate.AggregateConfig;
import de.freiraum.aggregate.AggregationFixture;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeviceWatchTest {
    private static final String ID = "urn:ngsi-ld:Device:1";

    private AggregationFixture city;

    @BeforeEach
    void open() {
        city = AggregationFixture.at("2026-05-04T09:00:00Z", AggregateConfig.DEFAULT);
    }

    @AfterEach
    void close() {
        city.close();
    }

    @Test
    void aDeviceThatReportsIsOk() {
        report("2026-05-04T08:59:00Z", null, Map.of());
        city.drain();
        assertThat(said("deviceState")).isEqualTo("ok");
        assertThat(said("lowBattery")).isNull();
    }

    @Test
    void aSilentDeviceIsStaleFromItsDeadlineOnAndHistoryTellsWhen() {
        report("2026-05-04T09:00:00Z", "PT2H", Map.of());
        city.drain();
        silentUntil("2026-05-04T10:59:59Z");
        assertThat(said("deviceState")).isEqualTo("ok");
        silentUntil("2026-05-04T11:00:00Z");
        assertThat(said("deviceState")).isEqualTo("stale");
        assertThat(city.history(ID, DEVICE.expand("deviceState")))
                .extracting(TemporalInstance::instance)
                .extracting(
                        a -> ((Attribute.Property) a).value() + " " + a.meta().observedAt())
                .containsExactlyInAnyOrder(
                        Value.of("ok") + " 2026-05-04T09:00:00Z", Value.of("stale") + " 2026-05-04T11:00:00Z");
    }

    @Test
    void aMessageMovesTheDeadlineAndWakesAStaleDevice() {
        report("2026-05-04T09:00:00Z", "PT2H", Map.of());
        report("2026-05-04T10:00:00Z", "PT2H", Map.of());
        silentUntil("2026-05-04T11:30:00Z");
        assertThat(said("deviceState")).isEqualTo("ok");
        silentUntil("2026-05-04T12:00:00Z");
        assertThat(said("deviceState")).isEqualTo("stale");
        report("2026-05-04T12:00:00Z", "PT2H", Map.of());
        city.drain();
        assertThat(said("deviceState")).isEqualTo("ok");
    }

    @Test
    void withoutAStaleAfterTheConfiguredSilenceHolds() {
        report("2026-05-04T09:00:00Z", null, Map.of());
        silentUntil("2026-05-05T10:59:59Z");
        assertThat(said("deviceState")).isEqualTo("ok");
        silentUntil("2026-05-05T11:00:00Z");
        assertThat(said("deviceState")).isEqualTo("stale");
    }

    @Test
    void aBatteryIsLowBelowTheShare() {
        report("2026-05-04T09:00:00Z", null, Map.of("batteryLevel", Value.of(0.2)));
        city.drain();
        assertThat(said("lowBattery")).isEqualTo(Value.of(false));
        report("2026-05-04T09:00:01Z", null, Map.of("batteryLevel", Value.of(0.19)));
        city.drain();
        assertThat(said("lowBattery")).isEqualTo(Value.of(true));
        report("2026-05-04T09:00:02Z", null, Map.of("batteryLevel", Value.of(-1)));
        city.drain();
        assertThat(said("lowBattery")).isEqualTo(Value.of(true));
        report("2026-05-04T09:00:03Z", null, Map.of("batteryLevel", Value.of(1)));
        city.drain();
        assertThat(said("lowBattery")).isEqualTo(Value.of(false));
    }

    @Test
    void theWordsOfAMakerAreLeftAlone() {
        report("2026-05-04T09:00:00Z", "PT1H", Map.of("deviceState", Value.of("calibrating")));
        silentUntil("2026-05-04T12:00:00Z");
        assertThat(said("deviceState")).isEqualTo("calibrating");
    }

    @Test
    void aDeviceThatNeverReportedSaysNothing() {
        city.observe(ID, DEVICE.expand("Device"), Map.of(DEVICE.expand("name"), List.of(property(Value.of("new")))));
        silentUntil("2026-06-04T12:00:00Z");
        assertThat(said("deviceState")).isNull();
    }

    @Test
    void whatHappenedWhileNobodyWatchedIsPutRight() {
        report("2026-05-04T09:00:00Z", "PT2H", Map.of("batteryLevel", Value.of(0.1)));
        city.drain();
        city.stopAggregating();
        city.clock(Instant.parse("2026-05-04T12:00:00Z"));
        city.startAggregating();
        assertThat(said("deviceState")).isEqualTo("stale");
        assertThat(said("lowBattery")).isEqualTo(Value.of(true));
    }

    @Test
    void aDeviceThatIsGoneIsForgotten() {
        report("2026-05-04T09:00:00Z", "PT2H", Map.of());
        city.drain();
        city.delete(ID);
        silentUntil("2026-05-04T12:00:00Z");
        assertThat(city.find(ID)).isNull();
    }

    private void silentUntil(String time) {
        city.clock(Instant.parse(time));
        city.aggregators().tick(city.now());
        city.drain();
    }

    private void report(String at, @Nullable String staleAfter, Map<String, Value> more) {
        AttributeMeta meta = AttributeMeta.NONE.withObservedAt(Instant.parse(at));
        Map<String, List<Attribute>> attributes = new HashMap<>();
        more.forEach(
                (term, value) -> attributes.put(DEVICE.expand(term), List.of(new Attribute.Property(value, meta))));
        AttributeMeta reported = staleAfter == null
                ? meta
                : meta.withAttributes(Map.of(DEVICE.expand("staleAfter"), List.of(property(Value.of(staleAfter)))));
        attributes.put(DEVICE.expand("dateLastValueReported"), List.of(new Attribute.Property(Value.of(at), reported)));
        city.observe(ID, DEVICE.expand("Device"), attributes);
    }

    private static Attribute property(Value value) {
        return new Attribute.Property(value, AttributeMeta.NONE);
    }

    private @Nullable Object said(String term) {
        return AggregationFixture.value(city.entity(ID), DEVICE.expand(term));
    }
}
