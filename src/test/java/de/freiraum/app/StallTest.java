package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that stands still in the middle of work (SIGSTOP) goes on where it was; one that is asked to stop in the middle of work does so in time. */
class StallTest {
    @Test
    void afterAStallEverythingGoesOnAndNothingIsLost(@TempDir Path folder) throws Exception {
        try (RealServer server = RealServer.start(folder)) {
            WriteLoad load = WriteLoad.on(server, "a", 4, 100);
            int written;
            try (load) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> load.acknowledged().size() > 100);
                signal("STOP", server);
                // Nothing comes while it stands still; a second is long for a server that would answer.
                int before = settled(load);
                signal("CONT", server);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> load.acknowledged().size() > before + 100);
            }
            written = load.acknowledged().size();
            assertThat(load.statuses()).isEqualTo(Set.of(201));
            assertThat(load.missingIn(server)).isEmpty();
            assertThat(count(server)).isEqualTo(written);
            assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void stoppingUnderLoadEndsInTimeAndLosesNothing(@TempDir Path folder) throws Exception {
        WriteLoad load;
        try (RealServer server = RealServer.start(folder)) {
            load = WriteLoad.on(server, "a", 8, 100);
            try (load) {
                WriteLoad writing = load;
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> writing.acknowledged().size() > 300);
                // The setting stopWithin, and what a busy machine adds.
                assertThat(server.stop()).isNotNull().isLessThan(Duration.ofSeconds(40));
            }
        }
        assertThat(load.statuses()).isSubsetOf(201, 503);
        try (RealServer server = RealServer.start(folder)) {
            assertThat(load.missingIn(server)).isEmpty();
            assertThat(count(server)).isEqualTo(load.acknowledged().size());
        }
    }

    private static int settled(WriteLoad load) {
        int[] last = {-1};
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    int now = load.acknowledged().size();
                    boolean same = now == last[0];
                    last[0] = now;
                    return same;
                });
        return last[0];
    }

    private static int count(RealServer server) throws Exception {
        return (int) server.get("/ngsi-ld/v1/entities?type=T&limit=1&count=true")
                .headers()
                .firstValueAsLong("NGSILD-Results-Count")
                .orElse(-1);
    }

    private static void signal(String name, RealServer server) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(server.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
