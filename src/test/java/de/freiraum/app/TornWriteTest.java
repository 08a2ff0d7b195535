package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose last write did not reach the disk whole: everything before it is there, and the server starts and writes. */
class TornWriteTest {
    @Test
    void allButTheTornWriteIsThere(@TempDir Path folder) throws Exception {
        WriteLoad load;
        try (RealServer server = RealServer.start(folder)) {
            load = WriteLoad.on(server, "a", 2, 100);
            try (load) {
                WriteLoad writing = load;
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> writing.acknowledged().size() > 200);
            }
            assertThat(server.post("/ngsi-ld/v1/entities", "{\"id\":\"urn:x:last\",\"type\":\"T\"}")
                            .statusCode())
                    .isEqualTo(201);
        }
        cut(lastLog(folder.resolve("data")), 20);
        try (RealServer server = RealServer.start(folder)) {
            assertThat(load.missingIn(server)).isEmpty();
            assertThat(server.get("/ngsi-ld/v1/entities/urn:x:last").statusCode())
                    .isEqualTo(404);
            assertThat(server.post("/ngsi-ld/v1/entities", "{\"id\":\"urn:x:last\",\"type\":\"T\"}")
                            .statusCode())
                    .isEqualTo(201);
            assertThat(server.get("/ngsi-ld/v1/entities?type=T&limit=1&count=true")
                            .headers()
                            .firstValueAsLong("NGSILD-Results-Count"))
                    .hasValue(load.acknowledged().size() + 1);
        }
    }

    private static Path lastLog(Path data) throws Exception {
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.comparing(Path::toString))
                    .orElseThrow();
        }
    }

    private static void cut(Path file, int bytes) throws Exception {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.setLength(opened.length() - bytes);
        }
    }
}
