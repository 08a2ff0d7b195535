package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Copies of a store, made while a server runs and while none does, and what comes back from them. */
class BackupTest {
    private static final String ENTITIES = "/ngsi-ld/v1/entities";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path folder;

    private record Run(int code, String err) {}

    @Test
    void aBackupOfARunningServerHoldsWhatWasAcknowledgedBefore() throws Exception {
        Path data = folder.resolve("data");
        AtomicInteger acknowledged = new AtomicInteger();
        int before;
        try (OpenServer server = server(data)) {
            AtomicBoolean enough = new AtomicBoolean();
            Thread writer = new Thread(() -> {
                while (!enough.get()) {
                    create(server, acknowledged.get());
                    acknowledged.incrementAndGet();
                }
            });
            writer.start();
            while (acknowledged.get() < 50) {
                Thread.onSpinWait();
            }
            before = acknowledged.get();
            assertThat(run("backup", folder.resolve("b1").toString(), "--data-dir", data.toString()))
                    .isEqualTo(new Run(0, "backup of " + data + " in " + folder.resolve("b1") + "\n"));
            enough.set(true);
            writer.join();
        }
        Path restored = folder.resolve("restored");
        assertThat(run("restore", folder.resolve("b1").toString(), "--data-dir", restored.toString())
                        .code())
                .isZero();
        try (OpenServer server = server(restored)) {
            for (int i = 0; i < before; i++) {
                assertThat(server.get(ENTITIES + "/urn:x:" + i).statusCode()).isEqualTo(200);
            }
        }
        assertThat(Files.exists(restored.resolve("control.json"))).isFalse();
    }

    @Test
    void aBackupOfAStoppedServerCanBeOneFileAndTakesTheKeysAlong() throws Exception {
        Path data = folder.resolve("data");
        run("key", "create", "--name", "works", "--data-dir", data.toString());
        try (OpenServer server = server(data)) {
            create(server, 1);
        }
        String zip = folder.resolve("b.zip").toString();
        assertThat(run("backup", zip, "--data-dir", data.toString()).code()).isZero();
        assertThat(run("backup", zip, "--data-dir", data.toString()).err()).contains("exists already");

        assertThat(run("restore", zip, "--data-dir", data.toString()).err()).contains("not empty", "--replace");
        assertThat(run("restore", zip, "--data-dir", data.toString(), "--replace")
                        .code())
                .isZero();
        assertThat(Files.readString(data.resolve("keys.json"))).contains("works");
        try (OpenServer server = server(data)) {
            assertThat(server.get(ENTITIES + "/urn:x:1").statusCode()).isEqualTo(200);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("data.before-"))
                    .noneMatch(name -> name.endsWith(".restoring") || name.endsWith(".unpacking"));
        }
    }

    @Test
    void aFlippedBitIsNoticedAndNamed() throws Exception {
        Path data = folder.resolve("data");
        try (OpenServer server = server(data)) {
            create(server, 1);
        }
        Path backup = folder.resolve("b");
        run("backup", backup.toString(), "--data-dir", data.toString());
        Path table;
        try (Stream<Path> files = Files.list(backup)) {
            table = files.filter(file -> file.toString().endsWith(".sst"))
                    .sorted()
                    .toList()
                    .get(0);
        }
        byte[] bytes = Files.readAllBytes(table);
        bytes[bytes.length / 2] ^= 1;
        Files.write(table, bytes);

        Run restored = run(
                "restore", backup.toString(), "--data-dir", folder.resolve("r").toString());

        assertThat(restored.code()).isEqualTo(1);
        assertThat(restored.err()).contains("damaged", table.getFileName().toString());
        assertThat(folder.resolve("r")).doesNotExist();
    }

    @Test
    void nothingIsBackedUpOrRestoredFromNowhere() {
        assertThat(run(
                                "backup",
                                folder.resolve("b").toString(),
                                "--data-dir",
                                folder.resolve("no").toString())
                        .err())
                .contains("no store");
        assertThat(run(
                                "restore",
                                folder.toString(),
                                "--data-dir",
                                folder.resolve("r").toString())
                        .err())
                .contains("no backup");
    }

    @Test
    void aDirectoryInUseIsNotReplaced() throws Exception {
        Path data = folder.resolve("data");
        try (OpenServer server = server(data)) {
            create(server, 1);
            run("backup", folder.resolve("b").toString(), "--data-dir", data.toString());
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            "de.freiraum.app.Main",
                            "restore",
                            folder.resolve("b").toString(),
                            "--data-dir",
                            data.toString(),
                            "--replace")
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("in use by another process");
            assertThat(server.get(ENTITIES + "/urn:x:1").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void onlyTheCommandLineHasTheServerMakeACopy() throws Exception {
        try (OpenServer server = server(folder.resolve("data"))) {
            assertThat(server.post("/operations/backup", "{\"directory\":\"/tmp/x\"}")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(server.post("/operations/backup", "{\"directory\":\"/tmp/x\"}", "X-API-Key", "guess")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(put(server, "/operations/log-levels/de.freiraum.test", "{\"level\":\"debug\"}")
                            .statusCode())
                    .isEqualTo(204);
            assertThat(server.get("/operations/log-levels").body()).contains("\"de.freiraum.test\":\"DEBUG\"");
            assertThat(put(server, "/operations/log-levels/de.freiraum.test", "{\"level\":\"loud\"}")
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    private static OpenServer server(Path data) throws Exception {
        return OpenServer.start("", "open", "true", "durability", "sync", "data-dir", data.toString());
    }

    private static void create(OpenServer server, int number) {
        try {
            assertThat(server.post(ENTITIES, "{\"id\":\"urn:x:" + number + "\",\"type\":\"T\"}")
                            .statusCode())
                    .isEqualTo(201);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> put(OpenServer server, String path, String json)
            throws IOException, InterruptedException {
        return server.send("PUT", path, HttpRequest.BodyPublishers.ofString(json));
    }

    private static Run run(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine()
                .setOut(new PrintWriter(new StringWriter(), true))
                .setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of(arguments));
        return new Run(line.execute(all.toArray(String[]::new)), err.toString());
    }
}
