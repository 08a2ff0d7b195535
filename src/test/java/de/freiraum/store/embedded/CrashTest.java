package de.freiraum.store.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import de.freiraum.model.Entity;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process is really killed while it writes; what it acknowledged is there afterwards, and nothing is half there. */
class CrashTest {
    private static final int ROUNDS = 20;

    private final Vertx vertx = Vertx.vertx();
    private final Random random = new Random(20260329);
    /** What was ever acknowledged, by writer. */
    private final List<Acknowledged> acknowledged = new ArrayList<>();

    private static final class Acknowledged {
        long number;
        final Set<Long> created = new HashSet<>();
        final Set<Long> deleted = new HashSet<>();
    }

    @Test
    @DisplayName("20 times SIGKILL under load")
    void whatWasAcknowledgedSurvivesKilling(@TempDir Path parent)
            throws IOException, InterruptedException, TimeoutException {
        for (int writer = 0; writer < CrashWriter.WRITERS; writer++) {
            acknowledged.add(new Acknowledged());
        }
        int killedUnderLoad = 0;
        for (int round = 0; round < ROUNDS; round++) {
            if (writeUntilKilled(parent.resolve("store"), round % 5 == 4)) {
                killedUnderLoad++;
            }
            verify(parent.resolve("store"));
        }
        await(vertx.close());

        assertThat(killedUnderLoad).isGreaterThanOrEqualTo(ROUNDS * 3 / 4);
        assertThat(acknowledged).allMatch(a -> a.number > ROUNDS);
    }

    /** @return whether anything was acknowledged before the end */
    private boolean writeUntilKilled(Path directory, boolean whileOpening)
            throws IOException, InterruptedException, TimeoutException {
        Path errors = directory.resolveSibling("errors");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashWriter.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.to(errors.toFile()))
                .start();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            if (!whileOpening) {
                said.write(process.getInputStream().read());
            }
            int delay = whileOpening ? 200 + random.nextInt(600) : 10 + random.nextInt(200);
            assertThat(process.waitFor(delay, TimeUnit.MILLISECONDS))
                    .as(() -> "the writer runs until it is killed: " + contentOf(errors.toFile()))
                    .isFalse();
        } finally {
            process.toHandle().destroyForcibly(); // unlike that of Process, it leaves the pipe readable
        }
        process.getInputStream().transferTo(said);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return take(said.toString(US_ASCII));
    }

    private boolean take(String said) {
        // The last line may be cut.
        String whole = said.substring(0, said.lastIndexOf('\n') + 1);
        whole.lines().map(line -> line.split(" ")).forEach(words -> {
            Acknowledged of = acknowledged.get(Integer.parseInt(words[1]));
            long number = Long.parseLong(words[2]);
            switch (words[0]) {
                case "N" -> of.number = Math.max(of.number, number);
                case "C" -> of.created.add(number);
                case "D" -> of.deleted.add(number);
                default -> throw new AssertionError("unexpected: " + words[0]);
            }
        });
        return !whole.isEmpty();
    }

    private void verify(Path directory) throws TimeoutException {
        EmbeddedStore store = await(EmbeddedStore.open(vertx, EmbeddedOptions.at(directory, InstantSource.system())));
        try {
            for (int writer = 0; writer < CrashWriter.WRITERS; writer++) {
                verify(store, writer, acknowledged.get(writer));
            }
        } finally {
            await(store.close());
        }
    }

    private static void verify(EmbeddedStore store, int writer, Acknowledged expected) throws TimeoutException {
        String id = CrashWriter.number(writer);
        Entity entity = await(store.retrieve(Tenant.DEFAULT, id));
        long number = CrashWriter.number(entity, CrashWriter.TWINS.get(0));

        assertThat(number).as("number of writer %s", writer).isGreaterThanOrEqualTo(expected.number);
        assertThat(CrashWriter.number(entity, CrashWriter.TWINS.get(1)))
                .as("the other attribute of the same version")
                .isEqualTo(number);
        for (String twin : CrashWriter.TWINS) {
            assertThat(await(store.instances(Tenant.DEFAULT, id, Set.of(twin), Range.ALL)))
                    .as("history is committed with the entity")
                    .extracting(CrashTest::number)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, number).boxed().toList());
        }
        for (long created : expected.created) {
            Entity found = await(store.retrieve(Tenant.DEFAULT, CrashWriter.shortLived(writer, created)));
            if (expected.deleted.contains(created)) {
                assertThat(found)
                        .as("an entity whose deletion was acknowledged")
                        .isNull();
            } else if (!CrashWriter.isDeletedLater(created)) {
                assertThat(CrashWriter.number(found, CrashWriter.TWINS.get(0))).isEqualTo(1);
            }
        }
    }

    private static long number(TemporalInstance instance) {
        return CrashWriter.number(
                new Entity(
                        "urn:x",
                        List.of(),
                        List.of(),
                        java.util.Map.of("n", List.of(instance.instance())),
                        null,
                        null,
                        null),
                "n");
    }

    private static <T extends @Nullable Object> T await(Future<T> future) throws TimeoutException {
        return future.await(30, TimeUnit.SECONDS);
    }
}
