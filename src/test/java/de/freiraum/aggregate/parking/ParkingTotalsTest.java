package de.freiraum.aggregate.parking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ParkingTotalsTest {
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/de/freiraum/aggregate/parking/cases/totals.csv", numLinesToSkip = 1)
    void countsSpots(
            String name, int free, int occupied, int unknown, int closed, long available, @Nullable Double occupancy) {
        List<SpotState> spots = new ArrayList<>();
        add(spots, SpotStatus.FREE, free);
        add(spots, SpotStatus.OCCUPIED, occupied);
        add(spots, SpotStatus.UNKNOWN, unknown);
        add(spots, SpotStatus.CLOSED, closed);

        ParkingTotals totals = ParkingTotals.of(spots);

        assertThat(totals.total()).isEqualTo(free + occupied + unknown + closed);
        assertThat(totals.available()).isEqualTo(available);
        assertThat(totals.occupancy()).isEqualTo(occupancy);
    }

    private static void add(List<SpotState> spots, SpotStatus status, int count) {
        for (int i = 0; i < count; i++) {
            spots.add(new SpotState("site", null, status, null, false, List.of("onStreet"), null));
        }
    }
}
