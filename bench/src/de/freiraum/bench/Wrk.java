package de.freiraum.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs wrk, pinned to the load core, with one of the scripts in {@code bench/lua}. */
final class Wrk {
    private static final Pattern RESULT =
            Pattern.compile("RESULT requests=(\\d+) micros=(\\d+) failed=(\\d+) p50=(\\d+) p99=(\\d+)");

    private Wrk() {}

    /**
     * What a run gave.
     *
     * @param requests completed requests or acknowledged messages
     * @param micros how long it took
     * @param failed how many of them failed
     * @param p50 median latency in microseconds
     * @param p99 99th percentile of the latency in microseconds
     */
    record Result(long requests, long micros, long failed, long p50, long p99) {}

    /** Runs the script for so many seconds over 64 connections. */
    static Result run(Path lua, String script, String base, int seconds, Map<String, String> variables)
            throws IOException, InterruptedException {
        return run(lua, script, base, 64, seconds, variables);
    }

    /** Runs the script for so many seconds over so many connections. */
    static Result run(Path lua, String script, String base, int connections, int seconds, Map<String, String> variables)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(LoadRun.pinned(LoadRun.LOAD_CORE));
        command.addAll(List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + seconds + "s",
                "--timeout",
                "10s",
                "-s",
                lua.resolve(script).toString(),
                base));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(variables);
        builder.environment().put("BENCH_LUA", lua.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher matcher = RESULT.matcher(output);
        if (process.waitFor() != 0 || !matcher.find()) {
            throw new IOException("wrk failed: " + output);
        }
        return new Result(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                Long.parseLong(matcher.group(4)),
                Long.parseLong(matcher.group(5)));
    }
}
