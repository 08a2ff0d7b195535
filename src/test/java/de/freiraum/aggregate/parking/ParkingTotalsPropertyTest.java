package de.freiraum.aggregate.parking;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ParkingTotalsPropertyTest {
    @Property
    void totalsDoNotDependOnTheOrderOfSpots(@ForAll("someSpots") List<SpotState> spots, @ForAll Random random) {
        List<SpotState> shuffled = new ArrayList<>(spots);
        Collections.shuffle(shuffled, random);

        assertThat(ParkingTotals.of(shuffled)).isEqualTo(ParkingTotals.of(spots));
    }

    @Property
    void theStatesAddUpToTheTotal(@ForAll("someSpots") List<SpotState> spots) {
        ParkingTotals totals = ParkingTotals.of(spots);

        assertThat(totals.available() + totals.occupied() + totals.unknown() + totals.closed())
                .isEqualTo(totals.total());
        if (totals.extra() != null) {
            assertThat(totals.extra()).isBetween(0L, totals.available());
        }
        if (totals.occupancy() != null) {
            assertThat(totals.occupancy()).isBetween(0.0, 1.0);
        }
    }

    @Provide
    Arbitrary<List<SpotState>> someSpots() {
        return Arbitraries.of(SpotStatus.class)
                .flatMap(status -> Arbitraries.longs()
                        .between(0, 100_000)
                        .map(second -> new SpotState(
                                "site",
                                null,
                                status,
                                second == 0 ? null : Instant.ofEpochSecond(second),
                                second % 3 == 0,
                                List.of("onStreet"),
                                null)))
                .list()
                .ofMaxSize(40);
    }
}
