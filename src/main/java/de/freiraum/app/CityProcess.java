package de.freiraum.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The demo of one city as a process of its own, which is started again when it ends without being asked to. */
final class CityProcess {
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final String name;
    private final int httpPort;
    private final int mqttPort;
    private final Path data;
    private final List<String> arguments;
    private final PrintWriter out;
    private @Nullable Process process;
    private boolean stopping;

    /**
     * A city that does not run yet.
     *
     * @param arguments more arguments of the demo
     * @param out where it is told that the process is started again
     */
    CityProcess(String name, int httpPort, int mqttPort, Path data, List<String> arguments, PrintWriter out) {
        this.name = name;
        this.httpPort = httpPort;
        this.mqttPort = mqttPort;
        this.data = data;
        this.arguments = List.copyOf(arguments);
        this.out = out;
    }

    String name() {
        return name;
    }

    int httpPort() {
        return httpPort;
    }

    int mqttPort() {
        return mqttPort;
    }

    /** The process's number, or 0 while there is none. */
    synchronized long processId() {
        return process == null ? 0 : process.pid();
    }

    /** Starts the process. */
    synchronized void start() throws IOException {
        if (stopping) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:MaxRAMPercentage=15",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "demo",
                "--city",
                name,
                "--http-port",
                Integer.toString(httpPort),
                "--mqtt-port",
                Integer.toString(mqttPort),
                "--data-dir",
                data.toString()));
        command.addAll(arguments);
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process = started;
        var unused = started.onExit().thenAccept(this::ended);
    }

    private synchronized void ended(Process gone) {
        if (stopping) {
            return;
        }
        out.println(name + " has ended (" + gone.exitValue() + ") and is started again");
        out.flush();
        CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    try {
                        start();
                    } catch (IOException e) {
                        out.println(name + " cannot be started: " + e.getMessage());
                        out.flush();
                    }
                });
    }

    /** Waits until it answers. */
    void awaitReady(Duration bound) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://localhost:" + httpPort + "/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long end = System.nanoTime() + bound.toNanos();
        while (!answers(client, ready)) {
            if (System.nanoTime() > end) {
                throw new IOException(name + " does not answer within " + bound.toSeconds() + " s");
            }
            Thread.sleep(200);
        }
    }

    private static boolean answers(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Ends the process, in order if it does so in time. */
    void stop() {
        Process running;
        synchronized (this) {
            stopping = true;
            running = process;
        }
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
