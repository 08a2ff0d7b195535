package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bit of a table is not what it was: the checksum tells, and what it guards is not served as if it were data. */
class BitFlipTest {
    private static final String HISTORY = "/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:T:a";

    @Test
    void historyOfALiveServerIsRefusedAndTheDamageNamed(@TempDir Path folder) throws Exception {
        write(folder);
        try (RealServer server = RealServer.start(folder)) {
            // Recovery has moved the log into tables, of which nothing but the entities is read yet.
            for (Path table : tables(folder)) {
                flip(table);
            }

            HttpResponse<String> answer = server.get(HISTORY + "?lastN=1000");

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("InternalError").doesNotContain("\"value\"");
            assertThat(Files.readString(folder.resolve("server.log")))
                    .contains("files are damaged")
                    .containsIgnoringCase("checksum mismatch");
            assertThat(server.get("/ngsi-ld/v1/entities/urn:ngsi-ld:T:a").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aServerDoesNotStartWithDamagedEntities(@TempDir Path folder) throws Exception {
        write(folder);
        RealServer.start(folder).close();
        for (Path table : tables(folder)) {
            flip(table);
        }

        assertThatThrownBy(() -> RealServer.start(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("files are damaged")
                .hasMessageContaining("restore it from a backup");
    }

    /** Leaves a log. */
    private static void write(Path folder) throws Exception {
        try (RealServer server = RealServer.start(folder)) {
            StringBuilder body = new StringBuilder("{\"id\":\"urn:ngsi-ld:T:a\",\"type\":\"T\",\"n\":[");
            Instant time = Instant.parse("2026-11-01T00:00:00Z");
            for (int i = 0; i < 2000; i++) {
                body.append(i == 0 ? "" : ",")
                        .append("{\"type\":\"Property\",\"value\":" + i * 7919L % 1000003 + ",\"observedAt\":\""
                                + time.plusSeconds(i) + "\"}");
            }
            assertThat(server.post("/ngsi-ld/v1/temporal/entities", body + "]}").statusCode())
                    .isEqualTo(201);
            assertThat(server.post(
                                    "/ngsi-ld/v1/entities",
                                    "{\"id\":\"urn:ngsi-ld:T:a\",\"type\":\"T\",\"n\":{\"type\":\"Property\",\"value\":1}}")
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    private static List<Path> tables(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("data"))) {
            List<Path> tables =
                    files.filter(file -> file.toString().endsWith(".sst")).toList();
            assertThat(tables).isNotEmpty();
            return tables;
        }
    }

    /** One bit of the data at the begin, which no index or footer is. */
    private static void flip(Path table) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
            file.seek(100);
            int there = file.read();
            file.seek(100);
            file.write(there ^ 4);
        }
    }
}
