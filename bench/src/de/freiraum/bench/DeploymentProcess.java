package de.freiraum.bench;

import de.freiraum.store.mongodb.MongoServer;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A MongoDB replica set of one member, pinned to a core, whose processor time can be read. */
final class DeploymentProcess implements AutoCloseable {
    private final MongoServer server;
    private final ProcessHandle process;

    private DeploymentProcess(MongoServer server, ProcessHandle process) {
        this.server = server;
        this.process = process;
    }

    static DeploymentProcess start(int core) throws IOException, InterruptedException {
        Set<ProcessHandle> before = ProcessHandle.current().children().collect(Collectors.toSet());
        MongoServer server = MongoServer.start();
        ProcessHandle process = ProcessHandle.current()
                .children()
                .filter(child -> !before.contains(child))
                .findFirst()
                .orElseThrow(() -> new IOException("the server that was started is not found"));
        if (!LoadRun.pinned(core).isEmpty()) {
            new ProcessBuilder(List.of("taskset", "-acp", String.valueOf(core), String.valueOf(process.pid())))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
        return new DeploymentProcess(server, process);
    }

    String uri(String database) {
        return server.uri(database);
    }

    /** Processor time used so far, in microseconds. */
    long cpuMicros() {
        return ServerProcess.cpuMicros(process);
    }

    @Override
    public void close() {
        server.close();
    }
}
