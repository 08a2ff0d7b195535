package de.freiraum.aggregate.parking;

import static de.freiraum.aggregate.AggregationFixture.PARKING;
import static de.freiraum.aggregate.AggregationFixture.spotId;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.aggregate.AggregationFixture;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Value;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParkingAggregationTest {
    private static final String NOW = "2026-05-04T10:00:00Z";
    private static final String MARKET = "urn:ngsi-ld:OnStreetParking:schwerte:am-markt";
    private static final String STATION = "urn:ngsi-ld:OffStreetParking:schwerte:bahnhof";

    private AggregationFixture city = AggregationFixture.at(NOW);

    @AfterEach
    void close() {
        city.close();
    }

    @Test
    void spotsGiveTheirSiteItsTotals() {
        city.spot("1", MARKET, "free", "2026-05-04T09:00:00Z");
        city.spot("2", MARKET, "occupied", "2026-05-04T09:30:00Z");
        city.spot("3", MARKET, "occupied", "2026-05-04T09:10:00Z");
        city.spot("4", MARKET, "closed", "2026-05-04T09:10:00Z");
        city.drain();

        Entity site = city.entity(MARKET);
        assertThat(site.types()).containsExactly(PARKING.expand("OnStreetParking"));
        assertThat(city.parking(MARKET, "totalSpotNumber")).isEqualTo(4L);
        assertThat(city.parking(MARKET, "availableSpotNumber")).isEqualTo(1L);
        assertThat(city.parking(MARKET, "occupiedSpotNumber")).isEqualTo(2L);
        assertThat(city.parking(MARKET, "closedSpotNumber")).isEqualTo(1L);
        assertThat(city.parking(MARKET, "unknownSpotNumber")).isEqualTo(0L);
        assertThat(city.parking(MARKET, "occupancy")).isEqualTo(0.6667);
        assertThat(Objects.requireNonNull(site.defaultInstance(PARKING.expand("occupiedSpotNumber")))
                        .meta()
                        .observedAt())
                .isEqualTo("2026-05-04T09:30:00Z");
    }

    @Test
    void totalsAreThereByCategory() {
        city.spot("1", MARKET, "free", "2026-05-04T09:00:00Z", List.of("onStreet", "forDisabled"), null);
        city.spot("2", MARKET, "occupied", "2026-05-04T09:00:00Z", List.of("onStreet", "forDisabled"), null);
        city.spot("3", MARKET, "free", "2026-05-04T09:00:00Z", List.of("forElectricalCharging"), null);
        city.spot("4", MARKET, "free", "2026-05-04T09:00:00Z");
        city.drain();

        Attribute.Property byCategory = (Attribute.Property)
                Objects.requireNonNull(city.entity(MARKET).defaultInstance(PARKING.expand("categorySpotNumber")));
        assertThat(((Value.Obj) byCategory.value()).members())
                .containsOnlyKeys(PARKING.expand("forDisabled"), PARKING.expand("forElectricalCharging"))
                .containsEntry(
                        PARKING.expand("forDisabled"),
                        new Value.Obj(Map.of(
                                PARKING.expand("totalSpotNumber"), Value.of(2),
                                PARKING.expand("availableSpotNumber"), Value.of(1),
                                PARKING.expand("occupiedSpotNumber"), Value.of(1))));

        city.spot("3", MARKET, "free", "2026-05-04T09:10:00Z");
        city.drain();
        Attribute.Property without = (Attribute.Property)
                Objects.requireNonNull(city.entity(MARKET).defaultInstance(PARKING.expand("categorySpotNumber")));
        assertThat(((Value.Obj) without.value()).members()).containsOnlyKeys(PARKING.expand("forDisabled"));
    }

    @Test
    void whatTheSiteHasBesideItsTotalsStays() {
        city.observe(
                MARKET,
                PARKING.expand("OnStreetParking"),
                Map.of(
                        PARKING.expand("name"),
                        List.of(new Attribute.Property(Value.of("Am Markt"), AttributeMeta.NONE))));

        city.spot("1", MARKET, "free", NOW);
        city.drain();

        assertThat(city.parking(MARKET, "name")).isEqualTo("Am Markt");
        assertThat(city.parking(MARKET, "availableSpotNumber")).isEqualTo(1L);
    }

    @Test
    void aHeartbeatWithoutANewStateWritesNothing() {
        city.spot("1", MARKET, "free", "2026-05-04T09:00:00Z");
        city.drain();
        Entity before = city.entity(MARKET);

        city.spot("1", MARKET, "free", "2026-05-04T09:30:00Z");
        city.drain();

        assertThat(city.entity(MARKET)).isSameAs(before);
        assertThat(city.aggregators().parking().totalsWritten()).isEqualTo(1);
    }

    @Test
    void aSpotThatMovesLeavesOneSiteAndEntersTheOther() {
        city.spot("1", MARKET, "free", "2026-05-04T09:00:00Z");
        city.spot("2", MARKET, "free", "2026-05-04T09:00:00Z");
        city.spot("1", STATION, "free", "2026-05-04T09:05:00Z");
        city.drain();

        assertThat(city.parking(MARKET, "totalSpotNumber")).isEqualTo(1L);
        assertThat(city.parking(STATION, "totalSpotNumber")).isEqualTo(1L);
    }

    @Test
    void aDeletedSpotCountsNoMore() {
        city.spot("1", MARKET, "free", "2026-05-04T09:00:00Z");
        city.drain();

        city.delete(spotId("1"));
        city.drain();

        assertThat(city.parking(MARKET, "totalSpotNumber")).isEqualTo(0L);
        assertThat(city.parking(MARKET, "availableSpotNumber")).isEqualTo(0L);
        assertThat(city.parking(MARKET, "occupancy")).isNull();
    }

    @Test
    void aGroupHasTotalsOfItsOwn() {
        String group = "urn:ngsi-ld:ParkingGroup:schwerte:am-markt:disabled";
        city.spot("1", MARKET, "free", NOW, List.of("onStreet", "forDisabled"), null);
        city.observe(
                spotId("1"),
                PARKING.expand("ParkingSpot"),
                Map.of(
                        PARKING.expand("refParkingGroup"),
                        List.of(new Attribute.Relationship(List.of(group), AttributeMeta.NONE))));
        city.drain();

        assertThat(city.entity(group).types()).containsExactly(PARKING.expand("ParkingGroup"));
        assertThat(city.parking(group, "availableSpotNumber")).isEqualTo(1L);
        assertThat(city.parking(group, "extraSpotNumber")).isNull();
        assertThat(city.parking(MARKET, "extraSpotNumber")).isEqualTo(1L);
    }

    @Test
    void aSilentSpotBecomesUnknownAndHistoryKeepsItsLastState() {
        city.spot("1", MARKET, "occupied", "2026-05-04T09:00:00Z", List.of("onStreet"), "PT2H");
        city.clock(Instant.parse("2026-05-04T11:00:00Z"));

        city.aggregators().tick(city.now());
        city.drain();

        assertThat(city.parking(spotId("1"), "status")).isEqualTo("unknown");
        Attribute status = city.entity(spotId("1")).defaultInstance(PARKING.expand("status"));
        assertThat(Objects.requireNonNull(status).meta().observedAt()).isEqualTo("2026-05-04T09:00:00Z");
        assertThat(city.history(spotId("1"), PARKING.expand("status")))
                .extracting(TemporalInstance::instance)
                .extracting(a -> ((Attribute.Property) a).value())
                .containsExactlyInAnyOrder(Value.of("occupied"), Value.of("unknown"));
        assertThat(city.parking(MARKET, "unknownSpotNumber")).isEqualTo(1L);
        assertThat(city.parking(MARKET, "occupiedSpotNumber")).isEqualTo(0L);
    }

    @Test
    void aSpotIsNotSilentBeforeItsTime() {
        city.spot("1", MARKET, "occupied", "2026-05-04T09:00:00Z", List.of("onStreet"), "PT2H");

        city.aggregators().tick(Instant.parse("2026-05-04T10:59:59Z"));
        city.drain();

        assertThat(city.parking(spotId("1"), "status")).isEqualTo("occupied");
    }

    @Test
    void aMessageMovesTheDeadline() {
        city.spot("1", MARKET, "occupied", "2026-05-04T09:00:00Z", List.of("onStreet"), "PT2H");
        city.spot("1", MARKET, "occupied", "2026-05-04T09:30:00Z", List.of("onStreet"), "PT2H");

        city.aggregators().tick(Instant.parse("2026-05-04T11:00:00Z"));
        city.drain();
        assertThat(city.parking(spotId("1"), "status")).isEqualTo("occupied");

        city.aggregators().tick(Instant.parse("2026-05-04T11:30:00Z"));
        city.drain();
        assertThat(city.parking(spotId("1"), "status")).isEqualTo("unknown");
    }

    @Test
    void withoutAStaleAfterTheConfiguredSilenceHolds() {
        city.spot("1", MARKET, "free", "2026-05-04T09:00:00Z");

        city.aggregators().tick(Instant.parse("2026-05-05T10:59:59Z"));
        city.drain();
        assertThat(city.parking(spotId("1"), "status")).isEqualTo("free");

        city.aggregators().tick(Instant.parse("2026-05-05T11:00:00Z"));
        city.drain();
        assertThat(city.parking(spotId("1"), "status")).isEqualTo("unknown");
    }

    @Test
    void aClosedSpotStaysClosed() {
        city.spot("1", MARKET, "closed", "2026-05-04T09:00:00Z", List.of("onStreet"), "PT2H");

        city.aggregators().tick(Instant.parse("2026-06-04T09:00:00Z"));
        city.drain();

        assertThat(city.parking(spotId("1"), "status")).isEqualTo("closed");
    }

    @Test
    void aSilentSpotThatSpeaksAgainCountsAgain() {
        city.spot("1", MARKET, "occupied", "2026-05-04T09:00:00Z", List.of("onStreet"), "PT2H");
        city.clock(Instant.parse("2026-05-04T12:00:00Z"));
        city.aggregators().tick(city.now());
        city.drain();

        city.spot("1", MARKET, "free", "2026-05-04T12:00:00Z", List.of("onStreet"), "PT2H");
        city.drain();

        assertThat(city.parking(MARKET, "availableSpotNumber")).isEqualTo(1L);
        assertThat(city.parking(MARKET, "unknownSpotNumber")).isEqualTo(0L);
    }

    @Test
    void totalsHealAfterACrashBetweenASpotAndItsTotal(@TempDir Path directory) {
        city.close();
        city = AggregationFixture.at(NOW, directory);
        city.spot("1", MARKET, "free", "2026-05-04T09:00:00Z", List.of("onStreet"), "PT2H");
        city.spot("2", STATION, "free", "2026-05-04T09:00:00Z");
        city.drain();
        city.stopAggregating();
        city.spot("1", MARKET, "occupied", "2026-05-04T09:01:00Z", List.of("onStreet"), "PT2H");
        city.delete(spotId("2"));

        city.restart();

        assertThat(city.parking(MARKET, "occupiedSpotNumber")).isEqualTo(1L);
        assertThat(city.parking(MARKET, "availableSpotNumber")).isEqualTo(0L);
        assertThat(city.parking(STATION, "totalSpotNumber")).isEqualTo(0L);
        city.aggregators().tick(Instant.parse("2026-05-04T11:01:00Z"));
        city.drain();
        assertThat(city.parking(MARKET, "unknownSpotNumber")).isEqualTo(1L);
    }

    @Test
    void aNumberThatSomebodyOverwroteIsPutRight() {
        city.spot("1", MARKET, "free", "2026-05-04T09:00:00Z");
        city.drain();

        city.observe(
                MARKET,
                PARKING.expand("OnStreetParking"),
                Map.of(
                        PARKING.expand("availableSpotNumber"),
                        List.of(new Attribute.Property(Value.of(99), AttributeMeta.NONE))));
        city.drain();

        assertThat(city.parking(MARKET, "availableSpotNumber")).isEqualTo(1L);
    }

    @Test
    void aSpotWithoutASiteIsNoReasonToFail() {
        city.observe(
                spotId("1"),
                PARKING.expand("ParkingSpot"),
                Map.of(PARKING.expand("status"), List.of(new Attribute.Property(Value.of(7), AttributeMeta.NONE))));
        city.drain();

        assertThat(city.aggregators().parking().failures()).isZero();
        assertThat(city.aggregators().parking().spots()).isEqualTo(1);
    }

    @Test
    void manySpotsAtOnceEndInTheRightTotals() {
        Set<String> statuses = Set.of("free", "occupied");
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 60; i++) {
                String status = (i + round) % 3 == 0 ? "free" : "occupied";
                assertThat(statuses).contains(status);
                city.spot("s" + i, MARKET, status, "2026-05-04T09:0" + round + ":00Z");
            }
        }
        city.drain();

        assertThat(city.parking(MARKET, "availableSpotNumber")).isEqualTo(20L);
        assertThat(city.parking(MARKET, "occupiedSpotNumber")).isEqualTo(40L);
    }
}
