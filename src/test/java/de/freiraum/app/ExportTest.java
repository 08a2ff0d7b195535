package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The past as files, from a server with a small heap: what is sent is not gathered before. {@code -Dfreiraum.test.exportRows=1000000} makes them as large as those of a large
 * city.
 */
class ExportTest {
    private static final int ROWS = Integer.getInteger("freiraum.test.exportRows", 60_000);
    private static final int ROWS_OF_ONE = 1000;

    /** Files that are sent at once at the most. */
    private static final int AT_ONCE = 64;

    private static final int TOGETHER = 8;

    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    /** When the newest row was observed. */
    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Instant last;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static RealServer server;

    @BeforeAll
    static void fill() throws Exception {
        last = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        server = RealServer.startWithHeap("64m", folder, "--durability", "async");
        String times = IntStream.range(0, ROWS_OF_ONE)
                .mapToObj(second -> "{\"type\":\"Property\",\"value\":\"" + (second % 2 == 0 ? "free" : "occupied")
                        + "\",\"observedAt\":\"" + last.minusSeconds(second) + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
        for (int spot = 0; spot < ROWS / ROWS_OF_ONE; spot++) {
            String id = "{\"id\":\"urn:ngsi-ld:ParkingSpot:export:" + spot
                    + "\",\"type\":\"https://smartdatamodels.org/dataModel.Parking/ParkingSpot\",\"status\":";
            String now = "{\"type\":\"Property\",\"value\":\"free\",\"observedAt\":\"" + last + "\"}}";
            assertThat(server.post("/ngsi-ld/v1/entities", id + now).statusCode())
                    .isEqualTo(201);
            assertThat(server.post("/ngsi-ld/v1/temporal/entities", id + times + "}")
                            .statusCode())
                    .isBetween(200, 204);
        }
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "ndjson", "geojson"})
    void aFileIsWholeHoweverManyRowsItHas(String format) throws Exception {
        long rows = 0;
        for (String file : files(format)) {
            HttpResponse<InputStream> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + file))
                                    .header("Accept-Encoding", "gzip")
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(new GZIPInputStream(answer.body()), StandardCharsets.UTF_8))) {
                rows += lines.lines()
                        .filter(line -> line.contains("free") || line.contains("occupied"))
                        .count();
            }
        }
        assertThat(rows).isEqualTo(ROWS);
    }

    @Test
    void whoGoesAwayInTheMiddleOfAFileHoldsUpNobody() throws Exception {
        String file = files("csv").iterator().next();
        for (int gone = 0; gone <= AT_ONCE; gone += TOGETHER) {
            List<Socket> readers = new ArrayList<>();
            for (int i = 0; i < TOGETHER; i++) {
                Socket reader = new Socket(InetAddress.getLoopbackAddress(), server.httpPort());
                reader.setReceiveBufferSize(4096);
                readers.add(reader);
                reader.getOutputStream()
                        .write(("GET " + file + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            for (Socket reader : readers) {
                assertThat(new String(reader.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 200");
                reader.setSoLinger(true, 0);
                reader.close();
            }
        }
        assertThat(server.get("/datasets/default-parkingspot.csv").statusCode()).isEqualTo(200);
        assertThat(Files.readString(folder.resolve("server.log"))).doesNotContain("sent in part");
    }

    /** The files of the months that have the rows: one, or two at the begin of a month. */
    private static Set<String> files(String format) {
        Set<String> files = new TreeSet<>();
        for (Instant time : List.of(last, last.minusSeconds(ROWS_OF_ONE - 1))) {
            files.add("/datasets/default-parkingspot/history/" + YearMonth.from(time.atZone(ZONE)) + "." + format);
        }
        return files;
    }
}
