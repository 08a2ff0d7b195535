package de.freiraum.aggregate.footfall;

import static de.freiraum.aggregate.AggregationFixture.CITY;
import static de.freiraum.aggregate.AggregationFixture.counterId;
import static de.freiraum.aggregate.AggregationFixture.siteId;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.aggregate.AggregateConfig;
import de.freiraum.aggregate.AggregationFixture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A year of real hourly counts against sums that a script made of the same file; where it comes from is told beside the file. */
class YearReplayTest {
    private static final ZoneId AUCKLAND = ZoneId.of("Pacific/Auckland");
    private static final Instant FIRST_HOUR = Instant.parse("2023-12-31T17:00:00Z");

    /** The hour that was there twice when clocks went back; it has one row. */
    private static final Instant TWICE = Instant.parse("2024-04-06T13:00:00Z");

    private static final int ROWS_A_BATCH = 24 * 20;

    @Test
    void sumsOfDaysWeeksMonthsAndTheYearAreThoseOfTheFile() throws IOException {
        FootfallConfig config = new FootfallConfig(
                ZoneId.of("Europe/Berlin"),
                Map.of(CITY.name(), AUCKLAND),
                EnumSet.range(WindowLength.PT1H, WindowLength.P1Y),
                Duration.ofDays(30),
                CountingRules.DEFAULT,
                SmallCounts.PUBLISHED,
                8,
                Optional.empty());
        List<String[]> rows = cells("hourly_counts_2024.csv");
        String[] sensors = rows.get(0);
        try (AggregationFixture city =
                AggregationFixture.at("2024-01-01T00:00:00Z", AggregateConfig.DEFAULT.withFootfall(config))) {
            for (int sensor = 2; sensor < sensors.length; sensor++) {
                city.counter(idOf(sensors[sensor]), "centre");
            }
            replay(rows.subList(1, rows.size()), sensors, city);

            Map<String, Map<Instant, Long>> ofSite = new TreeMap<>();
            Map<String, Map<String, Map<Instant, Long>>> expected = expected();
            assertThat(expected).hasSize(sensors.length - 2);
            expected.forEach((sensor, byLength) -> byLength.forEach((length, sums) -> {
                assertThat(city.people(counterId(idOf(sensor)), length)).isEqualTo(sums);
                sums.forEach((start, people) ->
                        ofSite.computeIfAbsent(length, l -> new TreeMap<>()).merge(start, people, Long::sum));
            }));
            ofSite.forEach((length, sums) ->
                    assertThat(city.people(siteId("centre"), length)).isEqualTo(sums));
        }
    }

    /** In batches of some weeks, each in any order and with every tenth message twice. */
    private static void replay(List<String[]> rows, String[] sensors, AggregationFixture city) {
        Random random = new Random(2024);
        List<Runnable> messages = new ArrayList<>();
        Instant from = FIRST_HOUR;
        for (int row = 0; row < rows.size(); row++) {
            Instant start = from;
            Instant end = start.plus(Duration.ofHours(start.equals(TWICE) ? 2 : 1));
            for (int sensor = 2; sensor < sensors.length; sensor++) {
                String counter = idOf(sensors[sensor]);
                long people = (long) Double.parseDouble(rows.get(row)[sensor]);
                Runnable message = () -> city.reading(counter, null, end, Map.of("from", start, "people", people));
                messages.addAll(Collections.nCopies(random.nextInt(10) == 0 ? 2 : 1, message));
            }
            from = end;
            if (row % ROWS_A_BATCH == ROWS_A_BATCH - 1 || row == rows.size() - 1) {
                city.clock(end);
                Collections.shuffle(messages, random);
                messages.forEach(Runnable::run);
                city.drain();
                messages.clear();
            }
        }
    }

    private static Map<String, Map<String, Map<Instant, Long>>> expected() throws IOException {
        Map<String, Map<String, Map<Instant, Long>>> expected = new TreeMap<>();
        for (String[] cells :
                cells("sums_2024.csv").subList(1, cells("sums_2024.csv").size())) {
            expected.computeIfAbsent(cells[0], s -> new TreeMap<>())
                    .computeIfAbsent(cells[1], l -> new TreeMap<>())
                    .put(LocalDate.parse(cells[2]).atStartOfDay(AUCKLAND).toInstant(), Long.valueOf(cells[3]));
        }
        return expected;
    }

    private static String idOf(String sensor) {
        return sensor.replace(' ', '-');
    }

    private static List<String[]> cells(String file) throws IOException {
        try (InputStream in = YearReplayTest.class.getResourceAsStream("auckland/" + file)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(",", -1))
                    .toList();
        }
    }
}
