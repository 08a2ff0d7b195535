package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full: changes are refused with the reason, reading goes on, and with space it takes changes again without a restart. */
class DiskFullTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void whatWasAcknowledgedIsThereAndMoreIsTakenWhenThereIsSpace(@TempDir Path folder) throws Exception {
        Path disk = Files.createDirectory(folder.resolve("data"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk.toString()) == 0,
                "NOT TESTED: mounting a small file system needs root");
        try {
            Path ballast = Files.write(disk.resolve("ballast"), new byte[24 << 20]);
            fillAndFree(folder, ballast);
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static void fillAndFree(Path folder, Path ballast) throws Exception {
        WriteLoad before;
        WriteLoad after;
        try (RealServer server = RealServer.start(folder)) {
            before = WriteLoad.on(server, "before", 2, 8000);
            try (before) {
                WriteLoad filling = before;
                await().atMost(PATIENCE).until(() -> filling.refused() > 20);
            }
            assertThat(before.statuses()).isEqualTo(Set.of(201, 503));
            assertThat(server.get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(server.get("/health/ready").body()).containsIgnoringCase("no space");
            assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(server.post("/ngsi-ld/v1/entities", "{\"id\":\"urn:x:y\",\"type\":\"T\"}")
                            .body())
                    .contains("the disk of the store is full");
            assertThat(before.missingIn(server)).isEmpty();

            Files.delete(ballast);

            await().atMost(PATIENCE).until(() -> server.get("/health/ready").statusCode() == 200);
            after = WriteLoad.on(server, "after", 2, 100);
            try (after) {
                WriteLoad writing = after;
                await().atMost(PATIENCE).until(() -> writing.acknowledged().size() > 50);
            }
            assertThat(after.statuses()).isEqualTo(Set.of(201));
        }
        try (RealServer server = RealServer.start(folder)) {
            assertThat(before.missingIn(server)).isEmpty();
            assertThat(after.missingIn(server)).isEmpty();
            assertThat(server.get("/ngsi-ld/v1/entities?type=T&limit=1&count=true")
                            .headers()
                            .firstValueAsLong("NGSILD-Results-Count"))
                    .hasValue(before.acknowledged().size() + after.acknowledged().size());
        }
    }

    private static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }
}
