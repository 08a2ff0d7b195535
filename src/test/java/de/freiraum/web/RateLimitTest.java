package de.freiraum.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final RateLimit limit = new RateLimit(3, Duration.ofSeconds(30), 32, now::get);

    private void pass(double seconds) {
        now.addAndGet((long) (seconds * 1e9));
    }

    @Test
    void aClientMayAskSoOftenAtOnceAndThenMustWait() {
        assertThat(limit.policy()).isEqualTo("\"client\";q=3;w=30");
        assertThat(limit.ask("a")).isEqualTo(new RateLimit.Verdict(true, "\"client\";r=2;t=10", 0));
        assertThat(limit.ask("a").limit()).isEqualTo("\"client\";r=1;t=20");
        assertThat(limit.ask("a").limit()).isEqualTo("\"client\";r=0;t=30");
        assertThat(limit.ask("a")).isEqualTo(new RateLimit.Verdict(false, "\"client\";r=0;t=30", 10));
        assertThat(limit.ask("b").allowed()).isTrue();
    }

    @Test
    void theBucketFillsEvenlyAndNotBeyondItsSize() {
        for (int i = 0; i < 4; i++) {
            limit.ask("a");
        }
        pass(9.5);
        assertThat(limit.ask("a")).isEqualTo(new RateLimit.Verdict(false, "\"client\";r=0;t=21", 1));
        pass(0.6);
        assertThat(limit.ask("a").allowed()).isTrue();
        assertThat(limit.ask("a").allowed()).isFalse();
        pass(3600);
        assertThat(limit.ask("a").limit()).isEqualTo("\"client\";r=2;t=10");
    }

    @Test
    void onlySoManyClientsAreRemembered() {
        for (int i = 0; i < 3; i++) {
            limit.ask("first");
        }
        assertThat(limit.ask("first").allowed()).isFalse();
        for (int i = 0; i < 1000; i++) {
            limit.ask("other " + i);
        }
        assertThat(limit.ask("first").limit()).isEqualTo("\"client\";r=2;t=10");
    }

    @Test
    void aLimitMustBeOne() {
        assertThatThrownBy(() -> new RateLimit(0, Duration.ofSeconds(30), 32, now::get))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RateLimit(1, Duration.ofMillis(999), 32, now::get))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
