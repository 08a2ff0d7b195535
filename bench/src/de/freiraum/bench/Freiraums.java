package de.freiraum.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Servers that are measured. */
final class Freiraums {
    private static final List<String> FLAGS = List.of("-Xms2g", "-Xmx4g", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch");

    private Freiraums() {}

    /** An empty one on the server core with a large heap, its data below the folder; ready. */
    static ServerProcess start(Path work, int port, String durability, String... more) throws Exception {
        return start(
                work, LoadRun.SERVER_CORE, FLAGS, port, durability, "data-" + port + "-" + System.nanoTime(), more);
    }

    /** One on a core (below 0: on all) with flags of Java and a name for its data; ready. */
    static ServerProcess start(
            Path work, int core, List<String> flags, int port, String durability, String data, String... more)
            throws Exception {
        List<String> serve = new ArrayList<>(List.of(
                "serve",
                "--open",
                "--http-port",
                String.valueOf(port),
                "--mqtt-port",
                String.valueOf(port + 857),
                "--durability",
                durability,
                "--data-dir",
                work.resolve(data).toString()));
        serve.addAll(List.of(more));
        ServerProcess server = ServerProcess.start(
                work.resolve("freiraum-" + port + ".log"), core, flags, "de.freiraum.app.Main", port, serve);
        Spots.awaitReady("http://127.0.0.1:" + port);
        return server;
    }
}
