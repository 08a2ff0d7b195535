package de.freiraum.aggregate.footfall;

import static de.freiraum.aggregate.footfall.Channel.AWAY;
import static de.freiraum.aggregate.footfall.Channel.TOWARDS;
import static de.freiraum.aggregate.footfall.Channel.UNDIRECTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class WindowsTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOON = Instant.parse("2026-05-04T10:00:00Z");

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/de/freiraum/aggregate/footfall/cases/totals.csv", numLinesToSkip = 1)
    void tellsRollOverFromReset(
            String name,
            int bits,
            long before,
            long after,
            boolean reset,
            @Nullable Long period,
            int minutes,
            @Nullable Long expected) {
        Map<Channel, Long> counts = period == null ? Map.of() : Map.of(TOWARDS, period);
        List<Reading> line = List.of(
                Reading.ofTotals(NOON, Map.of(TOWARDS, before), bits),
                new Reading(at(minutes), null, counts, Map.of(TOWARDS, after), bits, reset));

        long sum = 0;
        boolean known = false;
        for (Window window : windows(line, WindowLength.P1D).values()) {
            known = true;
            sum += window.towards() == null ? 0 : window.towards();
        }

        assertThat(known ? (Long) sum : null).isEqualTo(expected);
    }

    @Test
    void theFirstTotalOfALineCountsNobody() {
        assertThat(windows(List.of(totals(0, 5000)), WindowLength.PT15M)).isEmpty();
    }

    @Test
    void aTotalThatStaysCountsZeroWhichIsNotMissing() {
        SortedMap<Instant, Window> windows = windows(List.of(totals(0, 7), totals(15, 7)), WindowLength.PT15M);

        assertThat(windows).containsOnlyKeys(NOON);
        assertThat(window(windows, NOON)).isEqualTo(new Window(NOON, at(15), null, 0L, null, 1, Quality.MEASURED));
    }

    @Test
    void aGapIsSpreadEvenlyWithoutLosingAPersonAndFlagged() {
        SortedMap<Instant, Window> windows = windows(List.of(totals(0, 100), totals(60, 111)), WindowLength.PT15M);

        assertThat(windows.values()).extracting(Window::towards).containsExactly(2L, 3L, 3L, 3L);
        assertThat(windows.values()).extracting(Window::quality).containsOnly(Quality.ESTIMATED);
        assertThat(windows(List.of(totals(0, 100), totals(60, 111)), WindowLength.P1D)
                        .values())
                .extracting(Window::towards)
                .containsExactly(11L);
    }

    @Test
    void aGapWithoutAnyPersonIsNoGuess() {
        assertThat(windows(List.of(totals(0, 100), totals(60, 100)), WindowLength.PT15M)
                        .values())
                .extracting(Window::quality)
                .containsOnly(Quality.MEASURED);
    }

    @Test
    void aDayGapCannotBeSpreadFurtherThanTheRulesAllow() {
        List<Reading> line = List.of(totals(0, 100), totals(8 * 24 * 60, 900), totals(8 * 24 * 60 + 15, 905));

        assertThat(windows(line, WindowLength.P1D).values())
                .extracting(Window::towards)
                .containsExactly(5L);
    }

    @Test
    void totalsArePreferredToPeriodsOfTheSameMessage() {
        Reading first = totals(0, 100);
        Reading second = new Reading(at(15), NOON, Map.of(TOWARDS, 9L), Map.of(TOWARDS, 112L), 32, false);

        assertThat(window(windows(List.of(first, second), WindowLength.PT15M), NOON)
                        .towards())
                .isEqualTo(12L);
    }

    @Test
    void anIntervalWithinTheTimeOfTotalsIsNotCountedAgain() {
        Reading history = Reading.ofInterval(at(15), at(30), Map.of(TOWARDS, 4L));

        assertThat(window(windows(List.of(totals(0, 100), totals(60, 111), history), WindowLength.PT1H), NOON)
                        .towards())
                .isEqualTo(11L);
    }

    @Test
    void anIntervalAcrossWindowsIsSplitProportionally() {
        Reading reading = Reading.ofInterval(at(10), at(20), Map.of(TOWARDS, 7L, AWAY, 2L));

        SortedMap<Instant, Window> windows = windows(List.of(reading), WindowLength.PT15M);

        assertThat(window(windows, NOON).towards()).isEqualTo(3L);
        assertThat(window(windows, at(15)).towards()).isEqualTo(4L);
        assertThat(window(windows, NOON).coverage()).isEqualTo(0.3333);
        assertThat(window(windows, NOON).quality()).isEqualTo(Quality.PARTIAL);
    }

    @Test
    void aMessageThatEndsWithTheWindowBelongsToItAlone() {
        Reading reading = Reading.ofInterval(NOON, at(15), Map.of(TOWARDS, 7L));

        assertThat(windows(List.of(reading), WindowLength.PT15M)).containsOnlyKeys(NOON);
    }

    @Test
    void peopleAreTheSumOfBothDirections() {
        Reading reading = Reading.ofInterval(NOON, at(15), Map.of(TOWARDS, 7L, AWAY, 2L));

        assertThat(window(windows(List.of(reading), WindowLength.PT15M), NOON).people())
                .isEqualTo(9L);
    }

    @Test
    void aMissingDirectionIsNotZero() {
        Window window = window(
                windows(List.of(Reading.ofInterval(NOON, at(15), Map.of(TOWARDS, 7L))), WindowLength.PT15M), NOON);

        assertThat(window.away()).isNull();
        assertThat(window.people()).isNull();
    }

    @Test
    void aSensorThatTellsNoDirectionsCountsPeople() {
        Window window = window(
                windows(List.of(Reading.ofInterval(NOON, at(15), Map.of(UNDIRECTED, 7L))), WindowLength.PT15M), NOON);

        assertThat(window).isEqualTo(new Window(NOON, at(15), 7L, null, null, 1, Quality.MEASURED));
    }

    @Test
    void aSilentLineLowersTheCoverage() {
        Reading reading = Reading.ofInterval(NOON, at(15), Map.of(TOWARDS, 7L, AWAY, 2L));

        Window window = window(
                Windows.of(
                        Map.of("left", List.of(reading), "right", List.of()),
                        WindowLength.PT15M,
                        BERLIN,
                        CountingRules.DEFAULT,
                        Instant.EPOCH,
                        at(100_000)),
                NOON);

        assertThat(window.coverage()).isEqualTo(0.5);
        assertThat(window.quality()).isEqualTo(Quality.PARTIAL);
    }

    @Test
    void differentReadingsOfOneInstantCountOnceWhateverTheirOrder() {
        Reading less = Reading.ofInterval(NOON, at(15), Map.of(TOWARDS, 7L));
        Reading more = Reading.ofInterval(NOON, at(15), Map.of(TOWARDS, 8L));

        assertThat(window(windows(List.of(less, more), WindowLength.PT15M), NOON)
                        .towards())
                .isEqualTo(8L);
        assertThat(window(windows(List.of(more, less), WindowLength.PT15M), NOON)
                        .towards())
                .isEqualTo(8L);
    }

    @ParameterizedTest(name = "{0} has {1} hours")
    @CsvSource({"2026-03-28, 24", "2026-03-29, 23", "2026-10-25, 25", "2026-10-26, 24"})
    void aDayHasTheHoursThatTheCitysClocksGiveIt(String day, int hours) {
        Instant midnight = java.time.LocalDate.parse(day).atStartOfDay(BERLIN).toInstant();
        List<Reading> line = new ArrayList<>();
        for (int h = -3; h < 30; h++) {
            Instant from = midnight.plus(Duration.ofHours(h));
            line.add(Reading.ofInterval(from, from.plus(Duration.ofHours(1)), Map.of(TOWARDS, 10L, AWAY, 1L)));
        }

        Window window = window(windows(line, WindowLength.P1D), midnight);

        assertThat(Duration.between(window.from(), window.to())).hasHours(hours);
        assertThat(window.people()).isEqualTo(11L * hours);
        assertThat(window.coverage()).isEqualTo(1);
        assertThat(windows(line, WindowLength.PT1H).subMap(window.from(), window.to()))
                .hasSize(hours);
    }

    @Test
    void hoursOfAZoneAtHalfAnHourBeginAtItsFullHours() {
        assertThat(WindowLength.PT1H.start(Instant.parse("2026-05-04T10:10:00Z"), ZoneId.of("Asia/Kolkata")))
                .isEqualTo("2026-05-04T09:30:00Z");
    }

    @Test
    void aSitesWindowIsTheSumOfItsCounters() {
        Window a = new Window(NOON, at(15), 9L, 5L, 4L, 1, Quality.MEASURED);
        Window b = new Window(NOON, at(15), 3L, 1L, 2L, 1, Quality.ESTIMATED);

        assertThat(Window.sum(List.of(a, b), 2)).isEqualTo(new Window(NOON, at(15), 12L, 6L, 6L, 1, Quality.ESTIMATED));
    }

    @Test
    void aSiteOfWhichACounterIsSilentIsPartial() {
        Window a = new Window(NOON, at(15), 9L, 5L, 4L, 1, Quality.MEASURED);

        assertThat(Window.sum(List.of(a), 2)).isEqualTo(new Window(NOON, at(15), 9L, 5L, 4L, 0.5, Quality.PARTIAL));
    }

    @Test
    void aSiteDoesNotKnowADirectionThatOneOfItsCountersCannotTell() {
        Window a = new Window(NOON, at(15), 9L, 5L, 4L, 1, Quality.MEASURED);
        Window b = new Window(NOON, at(15), 3L, null, null, 1, Quality.MEASURED);

        assertThat(Window.sum(List.of(a, b), 2))
                .isEqualTo(new Window(NOON, at(15), 12L, null, null, 1, Quality.MEASURED));
    }

    @Test
    void enormousTotalsDoNotOverflow() {
        Reading first = Reading.ofTotals(NOON, Map.of(TOWARDS, 0L), 62);
        Reading second = Reading.ofTotals(at(6 * 24 * 60), Map.of(TOWARDS, 1L << 61), 62);

        long sum = windows(List.of(first, second), WindowLength.P1D).values().stream()
                .mapToLong(w -> w.towards() == null ? 0 : w.towards())
                .sum();

        assertThat(sum).isEqualTo(1L << 61);
    }

    @Test
    void refusesAReadingThatEndsBeforeItBegins() {
        assertThatIllegalArgumentException().isThrownBy(() -> Reading.ofInterval(NOON, NOON, Map.of()));
    }

    @Test
    void refusesANegativeCount() {
        assertThatIllegalArgumentException().isThrownBy(() -> Reading.ofInterval(NOON, at(1), Map.of(TOWARDS, -1L)));
    }

    private static Window window(SortedMap<Instant, Window> windows, Instant start) {
        return Objects.requireNonNull(windows.get(start));
    }

    private static Instant at(int minutes) {
        return NOON.plus(Duration.ofMinutes(minutes));
    }

    private static Reading totals(int minutes, long total) {
        return Reading.ofTotals(at(minutes), Map.of(TOWARDS, total), 32);
    }

    private static SortedMap<Instant, Window> windows(List<Reading> line, WindowLength length) {
        return Windows.of(Map.of("", line), length, BERLIN, CountingRules.DEFAULT, Instant.EPOCH, at(1_000_000));
    }
}
