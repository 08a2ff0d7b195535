package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What {@code freiraum try} tells, and that it touches nothing. */
class TryCommandTest {
    private static final String SOURCES = """
            sources:
              - id: parking
                envelope: chirpstack-v4
                mqtt: { topics: ["application/+/device/+/event/up"] }
              - id: boxes
                envelope: json
                json: { device: id, time: at }
                mqtt: { topics: ["boxes/#"] }
            devices:
              - { dev_eui: 70B3D5FFF0000080, model: bosch/tps110, site: markt, spot: "7", city: musterstadt }
              - { dev_eui: 70B3D5FFF0000081, model: milesight/vs350, site: markt, counter: c1, city: musterstadt, period: PT15M }
              - { id: box-1, model: acme/box }
            mappings:
              - mapping: acme-box
                match: { model: [acme/box] }
                emit:
                  - entity: "urn:ngsi-ld:ParkingSpot:m:s:{device.spot|1}"
                    type: ParkingSpot
                    context: parking
                    set:
                      status: { value: "decoded.busy ? 'occupied' : 'free'", required: true }
                      width: { value: decoded.width, min: 0, max: 10 }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path folder;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("sources.yaml"), SOURCES);
    }

    private Ended run(String message, String... arguments) throws IOException {
        Path file = folder.resolve("message");
        Files.writeString(file, message.replace('\'', '"'));
        List<String> all = new ArrayList<>(
                List.of("try", folder.resolve("sources.yaml").toString(), "--message", file.toString()));
        all.addAll(List.of(arguments));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Ended(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    private static String uplink(String device, int port, int counter, String time, String data) {
        return "{'time':'" + time + "','deviceInfo':{'devEui':'" + device + "'},'fPort':" + port + ",'fCnt':" + counter
                + ",'data':'" + data + "'}";
    }

    @Test
    void showsEveryStepAndTheTotalsThatFollow() throws IOException {
        Ended ended = run(
                uplink("70B3D5FFF0000080", 1, 1, "2026-03-02T07:00:00Z", "AQ=="),
                "--topic",
                "application/1/device/70b3d5fff0000080/event/up",
                "--at",
                "2026-03-02T07:00:01Z");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains("for the source parking, arrived at 2026-03-02T07:00:01Z")
                .contains("bytes: 01 on port 1, frame counter 1")
                .contains("{\"type\":\"parking status\",\"occupied\":true}")
                .contains("time: 2026-03-02T07:00:00Z")
                .contains("\"id\": \"urn:ngsi-ld:ParkingSpot:musterstadt:markt:7\"")
                .contains("\"value\": \"occupied\"", "\"staleAfter\": {")
                .contains("outcome: accepted")
                .contains("\"id\": \"urn:ngsi-ld:OnStreetParking:musterstadt:markt\"")
                .contains("\"occupiedSpotNumber\": {\"type\":\"Property\",\"value\":1");
    }

    @Test
    void showsTheWindowThatTwoReadingsOfACounterMake() throws IOException {
        String first = uplink("70B3D5FFF0000081", 85, 1, "2026-03-02T07:00:00Z", "BMwHABYA");
        String second = uplink("70B3D5FFF0000081", 85, 2, "2026-03-02T07:15:00Z", "BMwOABcA");
        Ended ended = run(first + "\n\n" + second, "--lines", "--source", "parking", "--at", "2026-03-02T07:15:01Z");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out().split("outcome: accepted", -1)).hasSize(3);
        assertThat(ended.out()).contains("\"peopleCount\": {\"type\":\"Property\",\"value\":8");
    }

    @Test
    void namesWhatIsLeftOut() throws IOException {
        Ended ended = run("{'id':'box-1','busy':true,'width':99}", "--source", "boxes");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("left out: \"width\" is 99.0, outside 0.0..10.0");
    }

    @Test
    void aMessageThatWouldBeADeadLetterEndsWithOneAndItsReason() throws IOException {
        Ended ended = run("{'id':'box-1','busy':'perhaps'}", "--source", "boxes");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).contains("\"busy\":\"perhaps\"", "change: none", "outcome: dead", "cannot be computed");
        assertThat(run("nonsense", "--source", "boxes").out()).contains("outcome: dead", "JSON");
        assertThat(run("{'id':'box-9'}", "--source", "boxes").out()).contains("no device list of the source names");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--source nothing | there is no such source; there are parking, boxes",
                "--topic elsewhere | no source listens to this topic",
                "--at yesterday | --at must be a time",
                " | there are several sources",
                "--source=boxes --ingest=x | named twice"
            })
    void aWrongCommandLineSaysWhatIsWrong(@Nullable String arguments, String problem) throws IOException {
        Ended ended = run("{}", arguments == null ? new String[0] : arguments.split(" "));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains(problem);
    }

    @Test
    void anEmptyMessageIsRefused() throws IOException {
        assertThat(run("", "--source", "boxes").err()).contains("there is no message");
    }

    @Test
    void aWrongConfigurationIsToldWithItsLine() throws IOException {
        Files.writeString(folder.resolve("sources.yaml"), "sources: [{ id: a }]");
        Ended ended = run("{}");
        assertThat(ended.code()).isEqualTo(78);
        assertThat(ended.err()).contains("sources.yaml:1");
    }

    @Test
    void touchesNothing() throws IOException {
        run("{'id':'box-1','busy':true}", "--source", "boxes");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("sources.yaml", "message");
    }
}
