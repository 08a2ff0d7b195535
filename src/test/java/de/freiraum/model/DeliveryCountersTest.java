package de.freiraum.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Counters that several processes count on. */
class DeliveryCountersTest {
    private static final Instant START = Instant.parse("2026-03-29T00:30:00Z");

    @Test
    void whatTwoCountedIsAddedUp() {
        DeliveryCounters both = DeliveryCounters.NONE.sent(START).succeeded(START);
        DeliveryCounters one = both.sent(START.plusSeconds(1)).failed(START.plusSeconds(1));
        DeliveryCounters other =
                both.sent(START.plusSeconds(2)).succeeded(START.plusSeconds(2)).sent(START.plusSeconds(3));

        DeliveryCounters sum = one.plus(both, other);

        assertThat(sum.timesSent()).isEqualTo(4);
        assertThat(sum.timesFailed()).isEqualTo(1);
        assertThat(sum.lastNotification()).isEqualTo(START.plusSeconds(3));
        assertThat(sum.lastSuccess()).isEqualTo(START.plusSeconds(2));
        assertThat(sum.lastFailure()).isEqualTo(START.plusSeconds(1));
        assertThat(sum.failing()).isFalse();
    }

    @Test
    void nothingCountedChangesNothing() {
        DeliveryCounters counted = DeliveryCounters.NONE.sent(START).failed(START);

        assertThat(counted.plus(DeliveryCounters.NONE, DeliveryCounters.NONE)).isEqualTo(counted);
        assertThat(counted.plus(counted, counted)).isEqualTo(counted);
        assertThat(DeliveryCounters.NONE.plus(DeliveryCounters.NONE, counted)).isEqualTo(counted);
    }
}
