package de.freiraum.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a JVM of its own, pinned to a core, whose processor time can be read. */
final class ServerProcess implements AutoCloseable {
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

    private final Process process;

    private ServerProcess(Process process) {
        this.process = process;
    }

    /** Starts a main class on the server core, with a large heap, and waits until it listens on the port. */
    static ServerProcess start(Path log, String mainClass, int port, List<String> arguments)
            throws IOException, InterruptedException {
        return start(
                log,
                LoadRun.SERVER_CORE,
                List.of("-Xms2g", "-Xmx4g", "-XX:+UseG1GC", "-XX:+AlwaysPreTouch"),
                mainClass,
                port,
                arguments);
    }

    /** Starts a main class on a core (below 0: on all) with flags of Java, and waits until it listens on the port. */
    static ServerProcess start(
            Path log, int core, List<String> flags, String mainClass, int port, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(core < 0 ? List.of() : LoadRun.pinned(core));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!listens(port)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IOException(mainClass + " does not listen on " + port + ": " + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return new ServerProcess(process);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Processor time used so far by all its threads, in microseconds. */
    long cpuMicros() {
        return cpuMicros(process.toHandle());
    }

    /** Processor time used so far by a process, in microseconds. */
    static long cpuMicros(ProcessHandle process) {
        return process.info()
                .totalCpuDuration()
                .map(d -> d.toNanos() / 1000)
                .orElseThrow(() -> new IllegalStateException("the processor time of a process cannot be read here"));
    }

    /** Live heap in bytes, after a full collection. */
    long liveHeapBytes() throws IOException, InterruptedException {
        Process histogram = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(process.pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String output = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        histogram.waitFor();
        Matcher total = TOTAL.matcher(output);
        if (!total.find()) {
            throw new IOException(
                    "no histogram of the heap: " + output.lines().findFirst().orElse(""));
        }
        return Long.parseLong(total.group(1));
    }

    /** Resident memory in bytes; 0 where it cannot be read. */
    long residentBytes() throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(l -> l.startsWith("VmRSS:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
