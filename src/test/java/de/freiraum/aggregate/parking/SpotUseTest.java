package de.freiraum.aggregate.parking;

import static de.freiraum.aggregate.AggregationFixture.PARKING;
import static de.freiraum.aggregate.AggregationFixture.spotId;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.aggregate.AggregationFixture;
import de.freiraum.model.Attribute;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpotUseTest {
    private static final String MARKET = "urn:ngsi-ld:OnStreetParking:schwerte:am-markt";
    private static final Instant SUNDAY = Instant.parse("2026-05-02T22:00:00Z");
    private static final Instant MONDAY = Instant.parse("2026-05-03T22:00:00Z");

    private final AggregationFixture city = AggregationFixture.at("2026-05-04T18:00:00Z");

    @AfterEach
    void close() {
        city.close();
    }

    @Test
    void arrivalsStaysAndTurnoverAreCountedByDay() {
        city.spot("1", MARKET, "free", "2026-05-04T08:00:00Z");
        city.spot("2", MARKET, "free", "2026-05-04T08:00:00Z");
        city.spot("1", MARKET, "occupied", "2026-05-04T09:00:00Z");
        city.spot("1", MARKET, "free", "2026-05-04T09:30:00Z");
        city.spot("1", MARKET, "occupied", "2026-05-04T10:00:00Z");
        city.spot("1", MARKET, "free", "2026-05-04T11:00:00Z");
        city.spot("1", MARKET, "occupied", "2026-05-04T12:00:00Z");
        city.drain();

        assertThat(days(spotId("1"), "arrivalCount")).containsOnly(Map.entry(MONDAY, 3.0));
        assertThat(days(spotId("1"), "departureCount")).containsOnly(Map.entry(MONDAY, 2.0));
        assertThat(days(spotId("1"), "meanDwellTime")).containsOnly(Map.entry(MONDAY, 45.0));
        assertThat(days(spotId("2"), "arrivalCount")).containsOnly(Map.entry(MONDAY, 0.0));
        assertThat(days(MARKET, "arrivalCount")).containsOnly(Map.entry(MONDAY, 3.0));
        assertThat(days(MARKET, "turnover")).containsOnly(Map.entry(MONDAY, 1.5));
        assertThat(days(MARKET, "meanDwellTime")).containsOnly(Map.entry(MONDAY, 45.0));
    }

    @Test
    void aShortFlipDoesNotCount() {
        city.spot("1", MARKET, "free", "2026-05-04T08:00:00Z");
        city.spot("1", MARKET, "occupied", "2026-05-04T09:00:00Z");
        city.spot("1", MARKET, "free", "2026-05-04T09:30:00Z");
        city.spot("1", MARKET, "occupied", "2026-05-04T09:30:59Z");
        city.spot("1", MARKET, "free", "2026-05-04T10:00:00Z");
        city.drain();

        assertThat(days(MARKET, "arrivalCount")).containsOnly(Map.entry(MONDAY, 1.0));
        assertThat(days(MARKET, "meanDwellTime")).containsOnly(Map.entry(MONDAY, 60.0));
    }

    @Test
    void aStayOverMidnightCountsForTheDayOnWhichItEnds() {
        city.spot("1", MARKET, "free", "2026-05-03T20:00:00Z");
        city.spot("1", MARKET, "occupied", "2026-05-03T21:30:00Z");
        city.spot("1", MARKET, "free", "2026-05-03T22:30:00Z");
        city.drain();

        assertThat(days(MARKET, "arrivalCount")).containsOnly(Map.entry(SUNDAY, 1.0), Map.entry(MONDAY, 0.0));
        assertThat(days(MARKET, "departureCount")).containsOnly(Map.entry(SUNDAY, 0.0), Map.entry(MONDAY, 1.0));
        assertThat(days(MARKET, "meanDwellTime")).containsOnly(Map.entry(MONDAY, 60.0));
    }

    @Test
    void whatIsNotKnownEndsAStayWithoutATime() {
        city.spot("1", MARKET, "free", "2026-05-04T08:00:00Z");
        city.spot("1", MARKET, "occupied", "2026-05-04T09:00:00Z");
        city.spot("1", MARKET, "closed", "2026-05-04T10:00:00Z");
        city.spot("1", MARKET, "occupied", "2026-05-04T11:00:00Z");
        city.spot("1", MARKET, "free", "2026-05-04T12:00:00Z");
        city.drain();

        assertThat(days(MARKET, "arrivalCount")).containsOnly(Map.entry(MONDAY, 1.0));
        assertThat(days(MARKET, "departureCount")).containsOnly(Map.entry(MONDAY, 0.0));
        assertThat(days(MARKET, "meanDwellTime")).isEmpty();
    }

    @Test
    void theOrderOfMessagesAndRepetitionsDoNotMatter() {
        List<Runnable> messages = new ArrayList<>();
        for (int spot = 1; spot <= 3; spot++) {
            for (int i = 0; i < 12; i++) {
                String id = String.valueOf(spot);
                String status = i % 2 == 0 ? "free" : "occupied";
                String at = "2026-05-0%dT%02d:00:00Z".formatted(i < 4 ? 3 : 4, i < 4 ? 18 + i : i);
                messages.add(() -> city.spot(id, MARKET, status, at));
            }
        }
        messages.addAll(messages.subList(5, 20));
        Collections.shuffle(messages, new Random(5));
        messages.forEach(Runnable::run);
        city.drain();

        assertThat(days(MARKET, "arrivalCount")).containsOnly(Map.entry(SUNDAY, 6.0), Map.entry(MONDAY, 12.0));
        assertThat(days(MARKET, "departureCount")).containsOnly(Map.entry(SUNDAY, 3.0), Map.entry(MONDAY, 12.0));
    }

    private Map<Instant, Double> days(String id, String term) {
        Map<Instant, Double> days = new TreeMap<>();
        city.history(id, PARKING.expand(term)).forEach(instance -> {
            Instant start = instance.instance().meta().observedAt();
            if (start != null
                    && instance.instance() instanceof Attribute.Property p
                    && p.value() instanceof Value.Num n
                    && days.put(start, n.asDouble()) != null) {
                throw new AssertionError("the day of " + start + " is in history twice");
            }
        });
        return days;
    }
}
