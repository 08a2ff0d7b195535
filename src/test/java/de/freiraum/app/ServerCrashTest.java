package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real server has acknowledged over HTTP is there after it was killed in the middle of a write load, every time. */
class ServerCrashTest {
    private static final int KILLS = 20;
    private static final int WRITERS = 4;

    @Test
    void everyAcknowledgedChangeSurvivesTwentyKills(@TempDir Path folder) throws Exception {
        Random random = new Random(20261124);
        List<String> all = new ArrayList<>();
        for (int round = 0; round < KILLS; round++) {
            RealServer server = RealServer.start(folder);
            Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
            CountDownLatch enough = new CountDownLatch(20 + random.nextInt(200));
            List<Thread> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                String prefix = "urn:ngsi-ld:T:" + round + "-" + writer + "-";
                Thread thread = new Thread(() -> write(server, prefix, acknowledged, enough));
                thread.start();
                writers.add(thread);
            }
            enough.await();
            server.kill();
            for (Thread thread : writers) {
                thread.join();
            }
            all.addAll(acknowledged);
        }
        try (RealServer server = RealServer.start(folder)) {
            List<String> missing = new ArrayList<>();
            for (String id : all) {
                if (server.get("/ngsi-ld/v1/entities/" + id).statusCode() != 200) {
                    missing.add(id);
                }
            }
            assertThat(all).hasSizeGreaterThan(KILLS * 20);
            assertThat(missing).isEmpty();
        }
    }

    private static void write(RealServer server, String prefix, Queue<String> acknowledged, CountDownLatch enough) {
        try {
            for (int n = 0; ; n++) {
                String id = prefix + n;
                String body =
                        "{\"id\":\"" + id + "\",\"type\":\"T\",\"n\":{\"type\":\"Property\",\"value\":" + n + "}}";
                if (server.post("/ngsi-ld/v1/entities", body).statusCode() != 201) {
                    return;
                }
                acknowledged.add(id);
                enough.countDown();
            }
        } catch (IOException killed) {
            // the request under way was not acknowledged
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
