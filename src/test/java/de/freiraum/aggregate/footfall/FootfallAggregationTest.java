package de.freiraum.aggregate.footfall;

import static de.freiraum.aggregate.AggregationFixture.FOOTFALL;
import static de.freiraum.aggregate.AggregationFixture.counterId;
import static de.freiraum.aggregate.AggregationFixture.footfall;
import static de.freiraum.aggregate.AggregationFixture.siteId;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.aggregate.AggregateConfig;
import de.freiraum.aggregate.AggregationFixture;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FootfallAggregationTest {
    private static final String NOW = "2026-05-04T10:30:00Z";
    private static final Instant TEN = Instant.parse("2026-05-04T10:00:00Z");

    private AggregationFixture city = AggregationFixture.at(NOW);

    @AfterEach
    void close() {
        city.close();
    }

    @Test
    void anIntervalBecomesAWindowOfItsCounter() {
        city.counter("a", "market");
        city.interval("a", TEN, 15, 51, 33);
        city.drain();

        Entity window = city.window(counterId("a"), "PT15M");
        assertThat(window.types()).containsExactly(FOOTFALL.expand("CrowdFlowObserved"));
        assertThat(footfall(window, "peopleCount")).isEqualTo(84L);
        assertThat(footfall(window, "peopleCountTowards")).isEqualTo(51L);
        assertThat(footfall(window, "peopleCountAway")).isEqualTo(33L);
        assertThat(footfall(window, "dateObserved")).isEqualTo("2026-05-04T12:00:00+02:00/2026-05-04T12:15:00+02:00");
        assertThat(footfall(window, "dateObservedFrom")).isEqualTo("2026-05-04T12:00:00+02:00");
        assertThat(footfall(window, "dateObservedTo")).isEqualTo("2026-05-04T12:15:00+02:00");
        assertThat(footfall(window, "windowLength")).isEqualTo("PT15M");
        assertThat(footfall(window, "quality")).isEqualTo("measured");
        assertThat(((Number) Objects.requireNonNull(footfall(window, "coverage"))).doubleValue())
                .isEqualTo(1.0);
        assertThat(footfall(window, "name")).isEqualTo("Counter a");
        assertThat(window.defaultInstance(NgsiLd.LOCATION)).isNotNull();
        assertThat(window.defaultInstance(FOOTFALL.expand("refCounter"))).isNotNull();
        assertThat(Objects.requireNonNull(window.defaultInstance(FOOTFALL.expand("peopleCount")))
                        .meta()
                        .observedAt())
                .isEqualTo(TEN);
    }

    @Test
    void theRunningDayIsPublishedWithWhatIsCoveredOfIt() {
        city.counter("a", "market");
        city.interval("a", TEN, 15, 5, 3);
        city.drain();

        Entity day = city.window(counterId("a"), "P1D");
        assertThat(footfall(day, "peopleCount")).isEqualTo(8L);
        assertThat(footfall(day, "quality")).isEqualTo("partial");
        assertThat(footfall(day, "coverage")).isEqualTo(0.0104);
    }

    @Test
    void aSiteSumsItsCounters() {
        city.counter("a", "market");
        city.counter("b", "market");
        city.interval("a", TEN, 15, 5, 3);
        city.interval("b", TEN, 15, 1, 1);
        city.drain();

        Entity window = city.window(siteId("market"), "PT15M");
        assertThat(footfall(window, "peopleCount")).isEqualTo(10L);
        assertThat(footfall(window, "quality")).isEqualTo("measured");
        assertThat(window.defaultInstance(FOOTFALL.expand("refSite"))).isNotNull();
    }

    @Test
    void linesOfOneSensorAddUp() {
        city.counter("a", "market");
        city.reading("a", "urn:line:1", TEN.plusSeconds(900), Map.of("from", TEN, "towards", 4, "away", 1));
        city.reading("a", "urn:line:2", TEN.plusSeconds(900), Map.of("from", TEN, "towards", 2, "away", 1));
        city.drain();

        assertThat(footfall(city.window(counterId("a"), "PT15M"), "peopleCount"))
                .isEqualTo(8L);
    }

    @Test
    void aRepeatedReadingCountsOnce() {
        city.counter("a", "market");
        city.interval("a", TEN, 15, 5, 3);
        city.interval("a", TEN.plusSeconds(900), 15, 1, 1);
        city.interval("a", TEN, 15, 5, 3);
        city.drain();

        assertThat(city.people(counterId("a"), "PT15M")).containsOnly(Map.entry(TEN, 8L), Map.entry(at(15), 2L));
    }

    @Test
    void aLateReadingCorrectsTheWindowsItTouches() {
        city.counter("a", "market");
        city.interval("a", TEN.plusSeconds(900), 15, 1, 1);
        city.drain();

        city.interval("a", TEN, 15, 5, 3);
        city.drain();

        assertThat(city.people(counterId("a"), "PT15M")).containsOnly(Map.entry(TEN, 8L), Map.entry(at(15), 2L));
        assertThat(city.people(counterId("a"), "PT1H")).containsOnly(Map.entry(TEN, 10L));
        assertThat(city.people(siteId("market"), "PT1H")).containsOnly(Map.entry(TEN, 10L));
        assertThat(footfall(city.window(counterId("a"), "PT15M"), "peopleCount"))
                .isEqualTo(2L);
    }

    @Test
    void aReadingThatComesAfterTheBoundIsCountedAsLateAlone() {
        city.counter("a", "market");
        city.interval("a", TEN, 15, 1, 1);
        city.interval("a", TEN.minus(Duration.ofHours(60)), 15, 5, 3);
        city.drain();

        assertThat(city.aggregators().footfall().lateReadings()).isEqualTo(1);
        assertThat(city.people(counterId("a"), "PT15M")).containsOnly(Map.entry(TEN, 2L));
    }

    @Test
    void aReadingFromTheFutureIsIgnored() {
        city.counter("a", "market");
        city.interval("a", TEN.plus(Duration.ofDays(1)), 15, 1, 1);
        city.drain();

        assertThat(city.aggregators().footfall().futureReadings()).isEqualTo(1);
        assertThat(city.find(counterId("a") + ":PT15M")).isNull();
    }

    @Test
    void aCounterRollsOverAtSixteenBits() {
        city.counter("a", "market");
        city.reading("a", null, TEN, Map.of("totalTowards", 65_530, "totalAway", 10, "counterBits", 16));
        city.reading("a", null, at(15), Map.of("totalTowards", 4, "totalAway", 12, "counterBits", 16));
        city.drain();

        assertThat(city.people(counterId("a"), "PT15M")).containsOnly(Map.entry(TEN, 12L));
    }

    @Test
    void aResetNeverCountsBackwards() {
        city.counter("a", "market");
        city.reading("a", null, TEN, Map.of("totalTowards", 5000, "totalAway", 4000, "counterBits", 32));
        city.reading("a", null, at(15), Map.of("totalTowards", 7, "totalAway", 2, "counterBits", 32));
        city.drain();

        assertThat(city.people(counterId("a"), "PT15M")).containsOnly(Map.entry(TEN, 9L));
    }

    @Test
    void aLateTotalSplitsTheGapItLiesIn() {
        city.counter("a", "market");
        city.reading("a", null, TEN.minusSeconds(1800), Map.of("totalTowards", 100, "totalAway", 0));
        city.reading("a", null, TEN, Map.of("totalTowards", 110, "totalAway", 0));
        city.drain();
        assertThat(city.people(counterId("a"), "PT15M")).containsOnly(Map.entry(at(-30), 5L), Map.entry(at(-15), 5L));

        city.reading("a", null, at(-15), Map.of("totalTowards", 109, "totalAway", 0));
        city.drain();

        assertThat(city.people(counterId("a"), "PT15M")).containsOnly(Map.entry(at(-30), 9L), Map.entry(at(-15), 1L));
        assertThat(footfall(city.window(counterId("a"), "PT15M"), "quality")).isEqualTo("measured");
    }

    @Test
    void aGapOverMidnightKeepsItsSum() {
        city.clock(Instant.parse("2026-05-05T02:00:00Z"));
        city.counter("a", "market");
        Instant evening = Instant.parse("2026-05-04T20:00:00Z");
        city.reading("a", null, evening, Map.of("totalTowards", 0, "totalAway", 0));
        city.reading("a", null, evening.plus(Duration.ofHours(4)), Map.of("totalTowards", 101, "totalAway", 0));
        city.drain();

        assertThat(city.people(counterId("a"), "P1D").values()).containsExactly(50L, 51L);
        assertThat(city.people(counterId("a"), "PT5M").values().stream()
                        .mapToLong(n -> n)
                        .sum())
                .isEqualTo(101);
    }

    @Test
    void whatIsNotKnownAnyMoreIsTakenBack() {
        city.counter("a", "market");
        city.reading("a", "urn:line:1", TEN.plusSeconds(900), Map.of("from", TEN, "towards", 4, "away", 1));
        city.drain();
        city.reading("a", "urn:line:2", TEN.plusSeconds(900), Map.of("from", TEN, "towards", 2));
        city.drain();

        Entity window = city.window(counterId("a"), "PT15M");
        assertThat(footfall(window, "peopleCountTowards")).isEqualTo(6L);
        assertThat(footfall(window, "peopleCountAway")).isNull();
        assertThat(city.people(counterId("a"), "PT15M")).isEmpty();
    }

    @Test
    void anUnchangedWindowIsNotWrittenAgain() {
        city.counter("a", "market");
        city.interval("a", TEN, 15, 5, 3);
        city.drain();
        long written = city.aggregators().footfall().windowsWritten();
        Entity window = city.window(counterId("a"), "PT15M");

        city.stopAggregating();
        city.startAggregating();

        assertThat(city.aggregators().footfall().windowsWritten()).isZero();
        assertThat(written).isPositive();
        assertThat(city.window(counterId("a"), "PT15M")).isSameAs(window);
    }

    @Test
    void aDeviceWithoutACounterIsNoted() {
        city.observe(
                "urn:ngsi-ld:Device:x",
                AggregationFixture.DEVICE.expand("Device"),
                Map.of(
                        AggregationFixture.DEVICE.expand("counterReading"),
                        List.of(new de.freiraum.model.Attribute.Property(
                                de.freiraum.model.Value.of(1),
                                de.freiraum.model.AttributeMeta.NONE.withObservedAt(TEN)))));
        city.drain();

        assertThat(city.aggregators().footfall().unassignedReadings()).isEqualTo(1);
    }

    @Test
    void aReadingOfNoMeaningIsNoted() {
        city.counter("a", "market");
        city.reading("a", null, at(15), Map.of("from", "yesterday", "towards", -3));
        city.drain();

        assertThat(city.aggregators().footfall().unusableReadings()).isEqualTo(1);
        assertThat(city.aggregators().footfall().failures()).isZero();
    }

    @ParameterizedTest(name = "{0} has {1} hours")
    @CsvSource({"2026-03-29, 23", "2026-10-25, 25"})
    void daysOnWhichClocksChangeAreCountedWhole(String day, int hours) {
        Instant midnight =
                LocalDate.parse(day).atStartOfDay(ZoneId.of("Europe/Berlin")).toInstant();
        city.clock(midnight.plus(Duration.ofHours(27)));
        city.counter("a", "market");
        for (int h = -1; h < 26; h++) {
            city.interval("a", midnight.plus(Duration.ofHours(h)), 60, 10, 1);
        }
        city.drain();

        assertThat(city.people(counterId("a"), "P1D")).containsEntry(midnight, 11L * hours);
        assertThat(city.people(siteId("market"), "P1D")).containsEntry(midnight, 11L * hours);
    }

    @Test
    void windowsAreTheSameWhateverTheOrderOfMessagesAndRestarts(@TempDir Path directory) {
        List<Runnable> messages = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int n = i;
            messages.add(
                    () -> city.reading("a", null, at(15 * n - 150), Map.of("totalTowards", n * n, "totalAway", n)));
            messages.add(() -> city.interval("b", at(15 * n - 150), 15, n, 1));
        }
        city.counter("a", "market");
        city.counter("b", "market");
        messages.forEach(Runnable::run);
        city.drain();
        Map<Instant, Long> expected = city.people(siteId("market"), "PT5M");
        Map<Instant, Long> day = city.people(siteId("market"), "P1D");
        city.close();

        city = AggregationFixture.at(NOW, directory);
        city.counter("a", "market");
        city.counter("b", "market");
        Collections.shuffle(messages, new Random(7));
        messages.subList(0, 10).forEach(Runnable::run);
        city.restart();
        city.stopAggregating();
        messages.subList(5, 20).forEach(Runnable::run);
        city.restart();
        messages.subList(18, 24).forEach(Runnable::run);
        city.drain();

        assertThat(city.people(siteId("market"), "PT5M")).isEqualTo(expected);
        assertThat(city.people(siteId("market"), "P1D")).isEqualTo(day).containsValue(121L + 11 + 66 + 12);
    }

    @Test
    void weeksMonthsAndYearsAreSumsOfDaysInTheCitysTime() {
        city.clock(Instant.parse("2026-03-30T12:00:00Z"));
        city.counter("a", "market");
        // Saturday, the Sunday of 23 hours, Monday
        for (Instant hour = Instant.parse("2026-03-27T23:00:00Z");
                hour.isBefore(Instant.parse("2026-03-30T12:00:00Z"));
                hour = hour.plus(Duration.ofHours(1))) {
            city.interval("a", hour, 60, 1, 1);
            city.drain();
        }
        long until = 2 * (24 + 23);
        long monday = 2 * 14;

        assertThat(city.people(counterId("a"), "P1W"))
                .containsOnly(
                        Map.entry(Instant.parse("2026-03-22T23:00:00Z"), until),
                        Map.entry(Instant.parse("2026-03-29T22:00:00Z"), monday));
        assertThat(city.people(siteId("market"), "P1M"))
                .containsOnly(Map.entry(Instant.parse("2026-02-28T23:00:00Z"), until + monday));
        assertThat(city.people(siteId("market"), "P1Y"))
                .containsOnly(Map.entry(Instant.parse("2025-12-31T23:00:00Z"), until + monday));
        Entity year = city.window(counterId("a"), "P1Y");
        assertThat(footfall(year, "dateObserved")).isEqualTo("2026-01-01T00:00:00+01:00/2027-01-01T00:00:00+01:00");
        assertThat(footfall(year, "quality")).isEqualTo("partial");
        assertThat(year.defaultInstance(FOOTFALL.expand("refCounter"))).isNotNull();
    }

    @Test
    void aLateReadingCorrectsTheYearToo() {
        city.counter("a", "market");
        city.interval("a", TEN, 15, 1, 1);
        city.drain();
        city.interval("a", TEN.minus(Duration.ofDays(1)), 15, 5, 3);
        city.drain();

        assertThat(city.people(siteId("market"), "P1Y").values()).containsExactly(10L);
    }

    @Test
    void singleMinutesAreKeptIfAskedFor() {
        city.close();
        city = AggregationFixture.at(
                NOW,
                AggregateConfig.DEFAULT.withFootfall(
                        FootfallConfig.DEFAULT.withWindows(EnumSet.of(WindowLength.PT1M, WindowLength.PT5M))));
        city.counter("a", "market");
        city.interval("a", TEN, 2, 2, 2);
        city.drain();

        assertThat(city.people(counterId("a"), "PT1M")).containsOnly(Map.entry(TEN, 2L), Map.entry(at(1), 2L));
        assertThat(city.people(counterId("a"), "PT5M")).containsOnly(Map.entry(TEN, 4L));
        assertThat(city.find(counterId("a") + ":PT1H")).isNull();
    }

    @Test
    void aDeviceMayHaveALateBoundOfItsOwn() {
        city.counter("a", "market");
        city.lateBound("a", "P10D");
        city.interval("a", TEN.minus(Duration.ofDays(9)), 15, 5, 3);
        city.interval("a", TEN.minus(Duration.ofDays(11)), 15, 1, 1);
        city.drain();

        assertThat(city.people(counterId("a"), "P1D").values()).containsExactly(8L);
        assertThat(city.aggregators().footfall().lateReadings()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"soon", "P1Y", "-PT1H", "PT0S", "P9999D"})
    void aLateBoundOfNoMeaningIsAsIfThereWereNone(String bound) {
        city.counter("a", "market");
        city.lateBound("a", bound);
        city.interval("a", TEN.minus(Duration.ofHours(47)), 15, 1, 1);
        city.interval("a", TEN.minus(Duration.ofHours(70)), 15, 5, 3);
        city.drain();

        assertThat(city.people(counterId("a"), "P1D").values()).containsExactly(2L);
    }

    @Test
    void smallNumbersAreNotPublishedAndNotTheDifferenceOfOthers() {
        city.close();
        city = AggregationFixture.at(
                NOW,
                AggregateConfig.DEFAULT.withFootfall(FootfallConfig.DEFAULT.withSmallCounts(
                        new SmallCounts(0, Map.of(AggregationFixture.CITY.name(), 5), Map.of()))));
        city.counter("a", "market");
        city.interval("a", at(-60), 15, 10, 20);
        city.interval("a", at(-45), 15, 2, 30);
        city.interval("a", at(-30), 15, 7, 9);
        city.interval("a", at(-15), 15, 50, 60);
        city.drain();

        // The quarter with 2 is small; the next smallest is taken out with it.
        assertThat(city.people(counterId("a"), "PT15M"))
                .containsOnly(Map.entry(at(-60), 30L), Map.entry(at(-15), 110L));
        assertThat(city.people(counterId("a"), "PT1H")).containsOnly(Map.entry(at(-60), 188L));
        assertThat(city.people(siteId("market"), "PT15M"))
                .containsOnly(Map.entry(at(-60), 30L), Map.entry(at(-15), 110L));

        city.interval("a", TEN, 15, 1, 0);
        city.drain();

        Entity window = city.window(counterId("a"), "PT15M");
        assertThat(footfall(window, "quality")).isEqualTo("suppressed");
        assertThat(footfall(window, "peopleCount")).isNull();
        assertThat(footfall(window, "peopleCountTowards")).isNull();
        assertThat(footfall(window, "peopleCountAway")).isNull();
    }

    /** Mondays at noon in nine weeks, the last of them at 10:00 UTC; the fifth was Easter Monday. */
    private void nineMondays(FootfallConfig config) {
        city.close();
        city = AggregationFixture.at(
                NOW, AggregateConfig.DEFAULT.withFootfall(config.withWindows(EnumSet.of(WindowLength.PT1H))));
        city.counter("a", "market");
        for (int week = 8; week >= 0; week--) {
            Instant hour = TEN.minus(Duration.ofDays(7L * week));
            city.clock(hour.plus(Duration.ofMinutes(61)));
            city.interval("a", hour, 60, week == 0 ? 140 : 100 - week, 0);
            city.drain();
        }
    }

    @Test
    void whatIsUsualIsToldWithoutPublicHolidays() {
        nineMondays(FootfallConfig.DEFAULT.withoutHolidaysOf(GermanState.NW));
        city.clock(at(70));
        city.interval("a", at(60), 5, 1, 0);
        city.drain();

        // The median of 95, 97, 98 and 99; with Easter Monday it is 97.
        assertThat(footfall(city.entity(counterId("a") + ":typicalWeek"), "typicalPeopleCount"))
                .isEqualTo(98L);
    }

    @Test
    void theTypicalWeekIsTheMedianOfItsWeeksAndTheLastHourIsComparedWithIt() {
        nineMondays(FootfallConfig.DEFAULT);
        assertThat(city.find(counterId("a") + ":typicalWeek")).isNotNull();

        city.clock(at(70));
        city.interval("a", at(60), 5, 1, 0);
        city.drain();

        Entity typical = city.entity(counterId("a") + ":typicalWeek");
        // The median of 95 to 99: before clocks changed, the same instant was eleven.
        assertThat(footfall(typical, "typicalPeopleCount")).isEqualTo(97L);
        assertThat(footfall(typical, "peopleCount")).isEqualTo(140L);
        assertThat(((Number) Objects.requireNonNull(footfall(typical, "deviation"))).doubleValue())
                .isEqualTo(0.443);
        assertThat(footfall(typical, "typicalWeek"))
                .isEqualTo(new Value.Obj(Map.of(
                        FOOTFALL.expand("monday"), new Value.Obj(Map.of(FOOTFALL.expand("h12"), Value.of(97))))));
    }

    private static Instant at(int minutes) {
        return TEN.plus(Duration.ofMinutes(minutes));
    }
}
