package de.freiraum.aggregate.footfall;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Windows depend on the set of readings alone, and are what counting person by person gives. */
class WindowsPropertyTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant ORIGIN = Instant.parse("2026-03-28T10:00:00Z");
    private static final int BITS = 16;

    @Property(tries = 300)
    void windowsDependNeitherOnOrderNorOnRepetition(
            @ForAll("counters") Map<String, List<Reading>> lines, @ForAll WindowLength length, @ForAll Random random) {
        Map<String, List<Reading>> shuffled = new HashMap<>();
        lines.forEach((line, readings) -> {
            List<Reading> again = new ArrayList<>(readings);
            readings.stream().filter(r -> random.nextBoolean()).forEach(again::add);
            Collections.shuffle(again, random);
            shuffled.put(line, again);
        });

        assertThat(windows(shuffled, length)).isEqualTo(windows(lines, length));
    }

    @Property(tries = 300)
    void windowsAreWhatCountingPersonByPersonGives(
            @ForAll("counters") Map<String, List<Reading>> lines, @ForAll WindowLength length) {
        SortedMap<Instant, Window> windows = windows(lines, length);

        Map<Instant, Long> towards = new TreeMap<>();
        Map<Instant, Long> away = new TreeMap<>();
        windows.forEach((start, window) -> {
            if (window.towards() != null) {
                towards.put(start, window.towards());
            }
            if (window.away() != null) {
                away.put(start, window.away());
            }
        });
        Map<Instant, Long> naiveTowards = naive(lines, Channel.TOWARDS, length);
        Map<Instant, Long> naiveAway = naive(lines, Channel.AWAY, length);
        assertThat(naiveTowards).containsAllEntriesOf(nonZero(towards));
        assertThat(naiveAway).containsAllEntriesOf(nonZero(away));
        // Where a number is published, it is all people that passed; where it is not, some line does not know it.
        naiveTowards.forEach((start, people) ->
                assertThat(towards.getOrDefault(start, people)).isEqualTo(people));
        naiveAway.forEach(
                (start, people) -> assertThat(away.getOrDefault(start, people)).isEqualTo(people));
    }

    @Property(tries = 200)
    void shortWindowsAddUpToLongOnes(@ForAll("counters") Map<String, List<Reading>> lines) {
        Map<String, List<Reading>> one = Map.of("a", lines.values().iterator().next());
        SortedMap<Instant, Window> hours = windows(one, WindowLength.PT1H);
        SortedMap<Instant, Window> fives = windows(one, WindowLength.PT5M);

        hours.forEach((start, hour) -> {
            long sum = fives.subMap(start, hour.to()).values().stream()
                    .mapToLong(w -> w.towards() == null ? 0 : w.towards())
                    .sum();
            if (hour.towards() != null) {
                assertThat(sum).isEqualTo(hour.towards());
            }
        });
    }

    @Property(tries = 200)
    void anotherReadingNeverTakesCoverageAway(
            @ForAll("counters") Map<String, List<Reading>> lines, @ForAll WindowLength length) {
        List<Reading> all = lines.values().iterator().next();
        List<Reading> fewer = all.subList(0, all.size() - 1);

        SortedMap<Instant, Window> windows = windows(Map.of("a", all), length);

        windows(Map.of("a", fewer), length).forEach((start, before) -> assertThat(
                        Objects.requireNonNull(windows.get(start)).coverage())
                .isGreaterThanOrEqualTo(before.coverage()));
    }

    @Property(tries = 200)
    void aPartOfTheWindowsIsThePartOfAllWindows(
            @ForAll("counters") Map<String, List<Reading>> lines, @ForAll WindowLength length, @ForAll Random random) {
        SortedMap<Instant, Window> all = windows(lines, length);
        Instant from = ORIGIN.plus(Duration.ofMinutes(random.nextInt(2000)));
        Instant to = from.plus(Duration.ofMinutes(random.nextInt(1000)));

        SortedMap<Instant, Window> part = Windows.of(lines, length, BERLIN, CountingRules.DEFAULT, from, to);

        TreeMap<Instant, Window> expected = new TreeMap<>(all);
        expected.values().removeIf(w -> !w.to().isAfter(from) || !w.from().isBefore(to));
        assertThat(part).isEqualTo(expected);
    }

    @Provide
    Arbitrary<Map<String, List<Reading>>> counters() {
        Arbitrary<List<Reading>> line = Arbitraries.oneOf(intervals(), totals(), mixed());
        return Combinators.combine(line, line).as((a, b) -> {
            Map<String, List<Reading>> lines = new LinkedHashMap<>();
            lines.put("a", a);
            lines.put("b", b);
            return lines;
        });
    }

    private static Arbitrary<List<Reading>> mixed() {
        return Combinators.combine(intervals(), totals()).as((i, t) -> {
            List<Reading> both = new ArrayList<>(t);
            TreeSet<Instant> times = new TreeSet<>();
            t.forEach(r -> times.add(r.at()));
            i.stream().filter(r -> times.add(r.at())).forEach(both::add);
            return both;
        });
    }

    private static Arbitrary<List<Reading>> intervals() {
        return Combinators.combine(
                        Arbitraries.integers().between(100, 2700),
                        Arbitraries.integers().between(1, 90),
                        Arbitraries.longs().between(0, 40),
                        Arbitraries.longs().between(0, 3))
                .as((at, length, towards, away) ->
                        Reading.ofInterval(minute(at - length), minute(at), counts(towards, away)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(40)
                .uniqueElements(Reading::at);
    }

    private static Arbitrary<List<Reading>> totals() {
        Arbitrary<List<Integer>> times = Arbitraries.integers()
                .between(100, 2700)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40)
                .uniqueElements();
        Arbitrary<List<Long>> steps = Arbitraries.longs().between(0, 200).list().ofSize(40);
        return Combinators.combine(times, steps, Arbitraries.longs().between(0, 65_535))
                .as((at, step, first) -> {
                    List<Integer> ordered = new ArrayList<>(new TreeSet<>(at));
                    Map<Integer, Reading> readings = new HashMap<>();
                    long total = first;
                    for (int i = 0; i < ordered.size(); i++) {
                        total = (total + step.get(i)) % (1L << BITS);
                        readings.put(ordered.get(i), Reading.ofTotals(minute(ordered.get(i)), counts(total, i), BITS));
                    }
                    return at.stream().map(readings::get).toList();
                });
    }

    private static Map<Channel, Long> counts(long towards, long away) {
        // Some messages tell one direction only.
        return away == 3 ? Map.of(Channel.TOWARDS, towards) : Map.of(Channel.TOWARDS, towards, Channel.AWAY, away);
    }

    private static Instant minute(int minute) {
        return ORIGIN.plus(Duration.ofMinutes(minute));
    }

    private static SortedMap<Instant, Window> windows(Map<String, List<Reading>> lines, WindowLength length) {
        return Windows.of(lines, length, BERLIN, CountingRules.DEFAULT, Instant.EPOCH, ORIGIN.plus(Duration.ofDays(9)));
    }

    private static Map<Instant, Long> nonZero(Map<Instant, Long> numbers) {
        Map<Instant, Long> copy = new TreeMap<>(numbers);
        copy.values().removeIf(n -> n == 0);
        return copy;
    }

    /** Each person by its own moment, put into the window of local time. Windows without a person are left out. */
    private static Map<Instant, Long> naive(Map<String, List<Reading>> lines, Channel channel, WindowLength length) {
        Map<Instant, Long> people = new TreeMap<>();
        for (List<Reading> readings : lines.values()) {
            TreeMap<Instant, Long> totals = new TreeMap<>();
            readings.forEach(r -> {
                if (r.totals().containsKey(channel)) {
                    totals.put(r.at(), r.totals().get(channel));
                }
            });
            for (Instant at : totals.keySet()) {
                Map.Entry<Instant, Long> before = totals.lowerEntry(at);
                if (before != null) {
                    long delta = Math.floorMod(totals.get(at) - before.getValue(), 65_536);
                    for (long person = 1; person <= delta; person++) {
                        people.merge(window(moment(before.getKey(), at, person, delta), length), 1L, Long::sum);
                    }
                }
            }
            for (Reading r : readings) {
                long count = r.counts().getOrDefault(channel, 0L);
                for (long person = 1; person <= count; person++) {
                    Instant moment = moment(Objects.requireNonNull(r.from()), r.at(), person, count);
                    boolean inTotals =
                            !totals.isEmpty() && moment.isAfter(totals.firstKey()) && !moment.isAfter(totals.lastKey());
                    if (!inTotals) {
                        people.merge(window(moment, length), 1L, Long::sum);
                    }
                }
            }
        }
        return people;
    }

    private static Instant moment(Instant from, Instant to, long person, long of) {
        long span = Duration.between(from, to).toMillis();
        return from.plusMillis((person * span + of - 1) / of);
    }

    /** The window that a person falls into who passes at the moment, moments at a boundary belonging to what ends there. */
    private static Instant window(Instant moment, WindowLength length) {
        ZonedDateTime local = moment.minusMillis(1).atZone(BERLIN);
        LocalDate day = local.toLocalDate();
        int minutes =
                switch (length) {
                    case PT1M -> 1;
                    case PT5M -> 5;
                    case PT15M -> 15;
                    case PT1H -> 60;
                    default -> 0;
                };
        LocalDate first =
                switch (length) {
                    case P1W -> day.minusDays(day.getDayOfWeek().getValue() - 1);
                    case P1M -> LocalDate.of(day.getYear(), day.getMonth(), 1);
                    case P1Y -> LocalDate.of(day.getYear(), 1, 1);
                    default -> day;
                };
        return minutes == 0
                ? first.atStartOfDay(BERLIN).toInstant()
                : local.withMinute(local.getMinute() / minutes * minutes)
                        .withSecond(0)
                        .withNano(0)
                        .toInstant();
    }
}
