package de.freiraum.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static Backoff backoff(double random) {
        return new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5), () -> random);
    }

    @Test
    void doublesUpToTheLongest() {
        Backoff backoff = backoff(1);
        assertThat(new long[] {backoff.next(), backoff.next(), backoff.next(), backoff.next(), backoff.next()})
                .containsExactly(1000, 2000, 4000, 5000, 5000);
    }

    @Test
    void isSpreadOverHalfOfEachStep() {
        assertThat(backoff(0).next()).isEqualTo(500);
        assertThat(backoff(0.5).next()).isEqualTo(750);
        assertThat(backoff(1).next()).isEqualTo(1000);
    }

    @Test
    void beginsAnewWhenItWorked() {
        Backoff backoff = backoff(1);
        backoff.next();
        backoff.next();
        backoff.reset();
        assertThat(backoff.next()).isEqualTo(1000);
    }
}
