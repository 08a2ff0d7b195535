package de.freiraum.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreshnessTest {
    private static final Instant NOW = Instant.parse("2026-03-02T07:00:00Z");

    @ParameterizedTest
    @DisplayName("6.3.16: Cache-Control and Expires say how long a context is fresh")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "max-age=60              | -                             | -   | 60",
                "public, Max-Age=60      | -                             | 20  | 40",
                "max-age=60              | -                             | 90  | 0",
                "max-age=60, s-maxage=5  | -                             | -   | 5",
                "max-age=\"60\"            | -                             | -   | 60",
                "max-age=60              | Mon, 02 Mar 2026 08:00:00 GMT | -   | 60",
                "no-transform            | Mon, 02 Mar 2026 08:00:00 GMT | -   | 3600",
                "-                       | Mon, 02 Mar 2026 06:00:00 GMT | -   | 0",
                "-                       | 0                             | -   | 0",
                "max-age=99999999999999  | -                             | -   | 31536000",
                "max-age=soon            | -                             | -   | -",
                "no-transform            | -                             | -   | -",
                "-                       | -                             | 5   | -",
            })
    void saysHowLong(
            @Nullable String cacheControl, @Nullable String expires, @Nullable String age, @Nullable Long expected) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        add(headers, "Cache-Control", cacheControl);
        add(headers, "Expires", expires);
        add(headers, "Age", age);

        assertThat(Freshness.of(headers, NOW)).isEqualTo(expected == null ? null : Duration.ofSeconds(expected));
    }

    private static void add(MultiMap headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, value);
        }
    }
}
