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
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Real hourly counts over a change of clocks; where they come from is told beside the file. */
class AucklandReplayTest {
    private static final String FILE = "/de/freiraum/aggregate/footfall/auckland/hourly_counts_2024-09-28.csv";
    private static final Instant FIRST_HOUR = Instant.parse("2024-09-27T18:00:00Z");
    private static final Instant SUNDAY = Instant.parse("2024-09-28T12:00:00Z");
    private static final int ROWS_BEFORE_SUNDAY = 18;
    private static final int HOURS_OF_SUNDAY = 23;

    @Test
    void daySumsAreThoseOfTheFileInWhateverOrderAndHoweverOftenTheHoursCome() throws IOException {
        FootfallConfig auckland = new FootfallConfig(
                ZoneId.of("Europe/Berlin"),
                Map.of(CITY.name(), ZoneId.of("Pacific/Auckland")),
                FootfallConfig.DEFAULT.windows(),
                FootfallConfig.DEFAULT.lateBound(),
                CountingRules.DEFAULT,
                SmallCounts.PUBLISHED,
                8,
                Optional.empty());
        List<long[]> rows = rows();
        try (AggregationFixture city =
                AggregationFixture.at("2024-09-29T17:05:00Z", AggregateConfig.DEFAULT.withFootfall(auckland))) {
            List<Runnable> messages = new ArrayList<>();
            for (int sensor = 0; sensor < 3; sensor++) {
                String counter = "sensor" + sensor;
                city.counter(counter, "centre");
                for (int hour = 0; hour < rows.size(); hour++) {
                    Instant from = FIRST_HOUR.plus(Duration.ofHours(hour));
                    long people = rows.get(hour)[sensor];
                    messages.add(() -> city.reading(
                            counter, null, from.plus(Duration.ofHours(1)), Map.of("from", from, "people", people)));
                }
            }
            messages.addAll(messages.subList(20, 60));
            Collections.shuffle(messages, new Random(11));
            messages.forEach(Runnable::run);
            city.drain();

            long all = 0;
            for (int sensor = 0; sensor < 3; sensor++) {
                long sunday = 0;
                for (long[] row : rows.subList(ROWS_BEFORE_SUNDAY, ROWS_BEFORE_SUNDAY + HOURS_OF_SUNDAY)) {
                    sunday += row[sensor];
                }
                all += sunday;
                assertThat(city.people(counterId("sensor" + sensor), "P1D")).containsEntry(SUNDAY, sunday);
            }
            assertThat(city.people(siteId("centre"), "P1D")).containsEntry(SUNDAY, all);
            assertThat(city.people(siteId("centre"), "PT1H")).hasSize(rows.size());
        }
    }

    private static List<long[]> rows() throws IOException {
        try (InputStream file = AucklandReplayTest.class.getResourceAsStream(FILE)) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .map(cells -> new long[] {count(cells[2]), count(cells[3]), count(cells[4])})
                    .toList();
        }
    }

    private static long count(String cell) {
        return (long) Double.parseDouble(cell);
    }
}
