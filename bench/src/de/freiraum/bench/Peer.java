package de.freiraum.bench;

import java.util.function.LongSupplier;

/**
 * A server under load.
 *
 * @param base its URL, without a slash at the end
 * @param micros what its work has cost so far: microseconds of processor time, or of time where that cannot be seen
 */
record Peer(String base, LongSupplier micros) {

    /** A server that was started here. */
    static Peer of(ServerProcess server, int port) {
        return new Peer("http://127.0.0.1:" + port, server::cpuMicros);
    }

    /** A server that somebody else started; processor time counts if its process id is given. */
    static Peer elsewhere(String base, String pid) {
        String withoutSlash = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        if (pid.isEmpty()) {
            return new Peer(withoutSlash, () -> System.nanoTime() / 1000);
        }
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid))
                .orElseThrow(() -> new IllegalArgumentException("there is no process " + pid));
        return new Peer(withoutSlash, () -> ServerProcess.cpuMicros(process));
    }
}
