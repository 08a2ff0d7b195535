package de.freiraum.aggregate.parking;

import static de.freiraum.aggregate.AggregationFixture.PARKING;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.aggregate.AggregateConfig;
import de.freiraum.aggregate.AggregationFixture;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CountingSitesTest {
    private static final String GARAGE = "urn:ngsi-ld:OffStreetParking:schwerte:rathaus";

    private AggregationFixture city = AggregationFixture.at(
            "2026-05-04T10:00:00Z", AggregateConfig.DEFAULT.withParking(ParkingConfig.DEFAULT.withResets(Map.of())));

    @AfterEach
    void close() {
        city.close();
    }

    @Test
    void whatWentInAndNotOutIsOccupied() {
        total(100);
        counts(60, 20, "2026-05-04T09:00:00Z");
        city.drain();

        assertThat(city.parking(GARAGE, "availableSpotNumber")).isEqualTo(60L);
        assertThat(city.parking(GARAGE, "occupiedSpotNumber")).isEqualTo(40L);
        assertThat(city.parking(GARAGE, "occupancy")).isEqualTo(0.4);
        assertThat(city.parking(GARAGE, "totalSpotNumber")).isEqualTo(100L);
    }

    @Test
    void numbersStayBetweenNothingAndAll() {
        total(10);
        counts(60, 20, "2026-05-04T09:00:00Z");
        city.drain();
        assertThat(city.parking(GARAGE, "availableSpotNumber")).isEqualTo(0L);

        counts(60, 90, "2026-05-04T09:10:00Z");
        city.drain();
        assertThat(city.parking(GARAGE, "availableSpotNumber")).isEqualTo(10L);
    }

    @Test
    void withoutATotalNothingIsSaid() {
        counts(60, 20, "2026-05-04T09:00:00Z");
        city.drain();

        assertThat(city.entity(GARAGE).attribute(PARKING.expand("availableSpotNumber")))
                .isEmpty();
    }

    @Test
    void whatSomebodyCountedIsTheNewStart() {
        total(100);
        counts(60, 20, "2026-05-04T09:00:00Z");
        number("countedFrom", 5, "2026-05-04T09:05:00Z");
        counts(67, 21, "2026-05-04T09:10:00Z");
        city.drain();

        assertThat(city.parking(GARAGE, "occupiedSpotNumber")).isEqualTo(11L);
    }

    @Test
    void theSiteIsEmptyWhenItsResetComes() {
        city.close();
        city = AggregationFixture.at(
                "2026-05-04T01:00:00Z",
                AggregateConfig.DEFAULT.withParking(ParkingConfig.DEFAULT.withResets(Map.of(GARAGE, "04:00"))));
        total(100);
        counts(60, 20, "2026-05-03T20:00:00Z");
        counts(70, 25, "2026-05-04T00:30:00Z");
        city.drain();
        assertThat(city.parking(GARAGE, "occupiedSpotNumber")).isEqualTo(5L);

        // 04:00 in Schwerte
        city.clock(Instant.parse("2026-05-04T02:00:00Z"));
        city.aggregators().tick(city.now());
        city.drain();
        assertThat(city.parking(GARAGE, "occupiedSpotNumber")).isEqualTo(0L);

        counts(73, 25, "2026-05-04T03:00:00Z");
        city.drain();
        assertThat(city.parking(GARAGE, "occupiedSpotNumber")).isEqualTo(3L);
    }

    @Test
    void theOrderOfMessagesAndRepetitionsDoNotMatter() {
        total(20);
        number("countedFrom", 0, "2026-05-04T08:00:00Z");
        counts(0, 0, "2026-05-04T08:00:00Z");
        List<Runnable> messages = new ArrayList<>();
        for (int i = 1; i < 30; i++) {
            int n = i;
            messages.add(() -> counts(2L * n, n, "2026-05-04T08:%02d:00Z".formatted(n)));
        }
        messages.addAll(messages.subList(3, 9));
        Collections.shuffle(messages, new Random(3));
        messages.forEach(Runnable::run);
        city.drain();

        // Full from 08:20 on: in, to the bound, and out again each minute.
        assertThat(city.parking(GARAGE, "occupiedSpotNumber")).isEqualTo(19L);
    }

    private void total(long spots) {
        number("totalSpotNumber", spots, "2026-01-01T00:00:00Z");
    }

    private void counts(long in, long out, String at) {
        city.observe(
                GARAGE,
                PARKING.expand("OffStreetParking"),
                Map.of(
                        PARKING.expand("vehicleEntranceCount"),
                        List.of(property(in, at)),
                        PARKING.expand("vehicleExitCount"),
                        List.of(property(out, at))));
    }

    private void number(String term, long number, String at) {
        city.observe(
                GARAGE,
                PARKING.expand("OffStreetParking"),
                Map.of(PARKING.expand(term), List.of(property(number, at))));
    }

    private static Attribute property(long number, String at) {
        return new Attribute.Property(Value.of(number), AttributeMeta.NONE.withObservedAt(Instant.parse(at)));
    }
}
