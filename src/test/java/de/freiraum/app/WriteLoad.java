package de.freiraum.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that create entities one after the other, and remember which were acknowledged. */
final class WriteLoad implements AutoCloseable {
    private final List<Thread> writers = new ArrayList<>();
    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final Set<Integer> statuses = new ConcurrentSkipListSet<>();
    private final AtomicBoolean goOn = new AtomicBoolean(true);

    private WriteLoad() {}

    /**
     * Begins to write.
     *
     * @param prefix of the entities' ids
     * @param padding characters in each entity beside what it needs
     */
    static WriteLoad on(RealServer server, String prefix, int clients, int padding) {
        WriteLoad load = new WriteLoad();
        String text = "x".repeat(padding);
        for (int client = 0; client < clients; client++) {
            String ids = "urn:ngsi-ld:T:" + prefix + "-" + client + "-";
            Thread thread = new Thread(() -> load.write(server, ids, text));
            thread.start();
            load.writers.add(thread);
        }
        return load;
    }

    private void write(RealServer server, String ids, String text) {
        try {
            for (int n = 0; goOn.get(); n++) {
                String body = "{\"id\":\"" + ids + n + "\",\"type\":\"T\",\"n\":{\"type\":\"Property\",\"value\":\""
                        + text + "\"}}";
                int status = server.post("/ngsi-ld/v1/entities", body).statusCode();
                statuses.add(status);
                if (status == 201) {
                    acknowledged.add(ids + n);
                } else {
                    refused.incrementAndGet();
                }
            }
        } catch (IOException gone) {
            // what was under way was not acknowledged
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the server said it has. */
    Set<String> acknowledged() {
        return acknowledged;
    }

    /** How many requests were answered with anything but 201. */
    int refused() {
        return refused.get();
    }

    /** All answers met. */
    Set<Integer> statuses() {
        return statuses;
    }

    /** Of what was acknowledged, what a server does not have. */
    List<String> missingIn(RealServer server) throws IOException, InterruptedException {
        List<String> missing = new ArrayList<>();
        for (String id : acknowledged) {
            if (server.get("/ngsi-ld/v1/entities/" + id).statusCode() != 200) {
                missing.add(id);
            }
        }
        return missing;
    }

    /** Ends when all requests under way are answered, or the server is gone. */
    @Override
    public void close() {
        goOn.set(false);
        try {
            for (Thread writer : writers) {
                writer.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
