package de.freiraum.ingest.script;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;

/**
 * The process that runs all scripts of this one, seen from here: begun when the first script needs it, and begun anew when a script has ended it. It takes one request
 * at a time, from any thread that may wait.
 */
final class ScriptProcess {
    /** For all scripts: each process takes memory, and the scripts of a city are few. */
    static final ScriptProcess SHARED = new ScriptProcess();

    private static final long START_MILLIS = 30_000;
    private static final long ANSWER_MILLIS = 5_000;
    private static final int MOST_ANSWER = 4 << 20;
    private static final List<String> LIMITS = List.of(
            "-Xmx48m",
            "-Xss1m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData");

    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "freiraum-script-watch");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable Running running;

    private ScriptProcess() {}

    /** A request that the process did not survive. */
    static final class Ended extends IOException {
        private static final long serialVersionUID = 1L;

        Ended(Throwable cause) {
            super("the script takes too much time or memory", cause);
        }
    }

    private record Running(Process process, DataOutputStream requests, DataInputStream answers, Set<Integer> defined) {}

    /** Something to send. */
    private interface Request {
        void write(DataOutputStream out) throws IOException;
    }

    /**
     * Reads a script.
     *
     * @throws Sandbox.Fault saying what is wrong with it
     * @throws Ended if the process ended instead
     */
    synchronized void define(int id, String script) throws Sandbox.Fault, IOException {
        Running host = host();
        ask(host, ANSWER_MILLIS, out -> {
            out.writeInt(ScriptHost.DEFINE);
            out.writeInt(id);
            write(out, script.getBytes(StandardCharsets.UTF_8));
        });
        host.defined().add(id);
    }

    /**
     * Runs a script, which is defined first where it is not.
     *
     * @return what decodeUplink returned, as JSON
     * @throws Sandbox.Fault saying what is wrong with it
     * @throws Ended if the process ended instead
     */
    synchronized byte[] decode(int id, String script, int port, @Nullable Instant received, byte[] payload)
            throws Sandbox.Fault, IOException {
        if (!host().defined().contains(id)) {
            define(id, script);
        }
        return ask(host(), ANSWER_MILLIS, out -> {
            out.writeInt(ScriptHost.DECODE);
            out.writeInt(id);
            out.writeInt(port);
            out.writeLong(received == null ? ScriptHost.NO_TIME : received.toEpochMilli());
            write(out, payload);
        });
    }

    private Running host() throws IOException {
        Running host = running;
        if (host != null && host.process().isAlive()) {
            return host;
        }
        ProcessBuilder builder = new ProcessBuilder();
        builder.command()
                .add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.command().addAll(LIMITS);
        builder.command().addAll(List.of("-cp", classPath(), ScriptHost.class.getName()));
        builder.environment().clear();
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        host = new Running(
                process,
                new DataOutputStream(new BufferedOutputStream(process.getOutputStream())),
                new DataInputStream(process.getInputStream()),
                new HashSet<>());
        try {
            ask(host, START_MILLIS, out -> {});
        } catch (Sandbox.Fault impossible) {
            throw new IOException(impossible);
        } catch (Ended failed) {
            throw new IOException("the process for scripts does not start", failed);
        }
        running = host;
        return host;
    }

    /** Where the process finds its own classes and the interpreter's. */
    private static String classPath() {
        return Stream.of(ScriptHost.class, Context.class)
                .map(needed -> needed.getProtectionDomain().getCodeSource().getLocation())
                .map(place -> Path.of(URI.create(place.toString())).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private byte[] ask(Running host, long millis, Request request) throws Sandbox.Fault, IOException {
        Future<?> alarm = watch.schedule(host.process()::destroyForcibly, millis, TimeUnit.MILLISECONDS);
        try {
            request.write(host.requests());
            host.requests().flush();
            int status = host.answers().readByte();
            int length = host.answers().readInt();
            if (length < 0 || length > MOST_ANSWER) {
                throw new IOException("an answer of " + length + " bytes");
            }
            byte[] answer = host.answers().readNBytes(length);
            if (status != ScriptHost.GOOD) {
                throw new Sandbox.Fault(new String(answer, StandardCharsets.UTF_8));
            }
            return answer;
        } catch (IOException e) {
            host.process().destroyForcibly();
            running = null;
            throw new Ended(e);
        } finally {
            alarm.cancel(false);
        }
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
