package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import de.freiraum.ingest.config.IngestConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's way to one's own sensor and to what is published of it, its files and commands as they are printed but for the port. */
class GuideTest {
    private static final Pattern FILE = Pattern.compile("`(my-city/[a-z./-]+)`\n\n```\\w+\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final String LINK =
            "<https://w3id.org/freiraum/context/parking.jsonld>; rel=\"http://www.w3.org/ns/json-ld#context\"";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before the test
    private Path folder;

    @Test
    void anUnknownSensorIsPublishedWithWhatTheGuidePrints() throws Exception {
        String guide = guide();
        Matcher files = FILE.matcher(guide);
        while (files.find()) {
            Path file = folder.resolve(files.group(1));
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, files.group(2));
        }
        Matcher commands = COMMANDS.matcher(guide);
        assertThat(run(next(commands)))
                .contains("The configuration is fine.", "\"occupied\":true", "\"distance\":400", "outcome: accepted")
                .contains("urn:ngsi-ld:ParkingSpot:musterstadt:am-markt:008", "\"occupiedSpotNumber\"");
        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("my-city"));

        assertThat(next(commands)).startsWith("./freiraum serve --open --ingest my-city");
        IngestConfig ingest = IngestConfig.load(folder.resolve("my-city"), Map.of());
        try (OpenServer server = OpenServer.start(ingest, "", "open", "true")) {
            String answers = run(next(commands).replace("localhost:1026", "127.0.0.1:" + server.port()));
            assertThat(answers.split("accepted", -1)).hasSize(3);
            for (String spot : new String[] {"007", "008"}) {
                JsonNode entity = server.json(
                        "/ngsi-ld/v1/entities/urn:ngsi-ld:ParkingSpot:musterstadt:am-markt:" + spot, "Link", LINK);
                assertThat(entity.at("/status/value").asText()).isEqualTo("occupied");
                assertThat(entity.at("/name/value").asText()).startsWith("Am Markt");
            }
            assertThat(run(commandOf("## Query it", server)))
                    .contains("am-markt:007", "am-markt:008", "\"status\":\"occupied\"");
            assertThat(run(commandOf("## Publish it", server)))
                    .startsWith("id,observedAt,")
                    .contains("am-markt:007", "am-markt:008");
        }
    }

    private static String guide() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        return readme.substring(readme.indexOf("## Your own sensor"), readme.indexOf("## Query it"));
    }

    private static String commandOf(String heading, OpenServer server) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        Matcher commands = COMMANDS.matcher(readme.substring(readme.indexOf(heading)));
        return next(commands).replace("localhost:1026", "127.0.0.1:" + server.port());
    }

    private static String next(Matcher commands) {
        assertThat(commands.find()).isTrue();
        return commands.group(1);
    }

    /** Runs commands in a shell; the launcher is this test's class path. */
    private String run(String commands) throws IOException, InterruptedException {
        Path launcher = folder.resolve("my-city").resolveSibling("freiraum");
        String java = ProcessHandle.current().info().command().orElse("java");
        Files.writeString(
                launcher,
                "#!/bin/bash\nexec '" + java + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '"
                        + System.getProperty("java.class.path") + "' de.freiraum.app.Main \"$@\"\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Process shell = new ProcessBuilder("bash", "-ec", commands)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        shell.getOutputStream().close();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        Files.delete(launcher);
        assertThat(shell.exitValue()).as(output).isZero();
        return output;
    }
}
