package de.freiraum.aggregate;

import static de.freiraum.aggregate.AggregationFixture.PARKING;
import static de.freiraum.aggregate.AggregationFixture.counterId;
import static de.freiraum.aggregate.AggregationFixture.siteId;
import static de.freiraum.aggregate.AggregationFixture.spotId;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Attribute;
import de.freiraum.model.TemporalInstance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Whatever the order of messages and however often each comes, aggregates end up the same. */
class StreamPropertyTest {
    private static final Instant BEGIN = Instant.parse("2026-03-28T20:00:00Z");
    private static final String NOW = "2026-03-29T20:00:00Z";
    private static final String MARKET = "urn:ngsi-ld:OnStreetParking:schwerte:am-markt";
    private static final List<String> LENGTHS = List.of("PT5M", "PT15M", "PT1H", "P1D", "P1W", "P1M", "P1Y");

    @Property(tries = 12, seed = "711683086570471877", shrinking = ShrinkingMode.OFF)
    void windowsAndTotalsDoNotDependOnOrderAndRepetition(
            @ForAll("messages") List<Consumer<AggregationFixture>> messages, @ForAll Random random) {
        List<Consumer<AggregationFixture>> other = new ArrayList<>(messages);
        for (Consumer<AggregationFixture> message : messages) {
            if (random.nextInt(3) == 0) {
                other.add(message);
            }
        }
        Collections.shuffle(other, random);

        Map<String, Object> found = aggregates(other, random);
        aggregates(messages, new Random(0))
                .forEach(
                        (what, expected) -> assertThat(found.get(what)).as(what).isEqualTo(expected));
    }

    private static Map<String, Object> aggregates(List<Consumer<AggregationFixture>> messages, Random random) {
        try (AggregationFixture city = AggregationFixture.at(NOW)) {
            city.counter("0", "market");
            city.counter("1", "market");
            for (Consumer<AggregationFixture> message : messages) {
                message.accept(city);
                if (random.nextInt(5) == 0) {
                    city.drain();
                }
            }
            city.drain();
            Map<String, Object> found = new TreeMap<>();
            for (String length : LENGTHS) {
                for (String of : List.of(counterId("0"), counterId("1"), siteId("market"))) {
                    found.put(of + length, city.people(of, length));
                }
            }
            for (String term : List.of("availableSpotNumber", "occupiedSpotNumber", "totalSpotNumber")) {
                found.put(term, String.valueOf(city.find(MARKET) == null ? null : city.parking(MARKET, term)));
            }
            for (String term : List.of("arrivalCount", "departureCount", "meanDwellTime")) {
                for (String of : List.of(spotId("0"), spotId("1"), MARKET)) {
                    found.put(of + term, days(city.history(of, PARKING.expand(term))));
                }
            }
            return found;
        }
    }

    private static Map<Instant, String> days(List<TemporalInstance> instances) {
        Map<Instant, String> days = new TreeMap<>();
        for (TemporalInstance instance : instances) {
            Instant start = instance.instance().meta().observedAt();
            if (start != null && instance.instance() instanceof Attribute.Property p && !p.isNull()) {
                days.merge(start, p.value().toString(), (a, b) -> a + " and " + b);
            }
        }
        return days;
    }

    @Provide
    Arbitrary<List<Consumer<AggregationFixture>>> messages() {
        Arbitrary<Integer> minutes = Arbitraries.integers().between(0, 23 * 60);
        Arbitrary<String> which = Arbitraries.of("0", "1");
        // What a message tells depends on its time, as with a sensor: no two of one instant differ.
        Arbitrary<Consumer<AggregationFixture>> totals = Combinators.combine(which, minutes)
                .as((counter, minute) -> city -> city.reading(
                        counter,
                        null,
                        at(minute),
                        Map.of("totalTowards", 65_000 + minute, "totalAway", minute / 2, "counterBits", 32)));
        Arbitrary<Consumer<AggregationFixture>> intervals = Combinators.combine(which, minutes)
                .as((counter, minute) -> city -> city.reading(
                        counter,
                        "urn:line:2",
                        at(minute),
                        Map.of("from", at(minute - 10), "towards", minute % 7, "away", minute % 5)));
        Arbitrary<Consumer<AggregationFixture>> spots = Combinators.combine(which, minutes)
                .as((spot, minute) -> city -> city.spot(
                        spot,
                        MARKET,
                        minute % 3 == 0 ? "free" : "occupied",
                        at(minute).toString()));
        return Arbitraries.oneOf(totals, intervals, spots).list().ofMinSize(10).ofMaxSize(60);
    }

    private static Instant at(int minute) {
        return BEGIN.plus(Duration.ofMinutes(minute));
    }
}
