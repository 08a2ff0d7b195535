package de.freiraum.app;

import de.freiraum.app.transfer.ProgressBar;
import de.freiraum.app.transfer.StoreExport;
import de.freiraum.app.transfer.StoreImport;
import de.freiraum.ops.Health;
import de.freiraum.ops.Metrics;
import de.freiraum.store.Store;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a store's contents to a file, or from one. */
abstract class TransferCommand implements Callable<Integer> {
    private static final Duration OPENING = Duration.ofMinutes(10);
    private static final Duration CLOSING = Duration.ofMinutes(1);

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "Lines of JSON; compressed if it ends in .gz.")
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private Path file;

    /** Does the work. @return how many entities were transferred */
    abstract long transfer(Store store, Path path, ProgressBar bar) throws IOException;

    @Override
    public Integer call() throws Exception {
        AppConfig config = options.load(System.getenv());
        Vertx vertx = Vertx.vertx();
        try {
            StoreOpening opening = new StoreOpening(vertx, config, Clock.systemUTC(), new Health(), new Metrics());
            Store store = Startup.waitFor(opening.open(), OPENING);
            PrintWriter err = spec.commandLine().getErr();
            ProgressBar bar = new ProgressBar(err, "entities", CommandLine.Help.Ansi.AUTO.enabled(), System::nanoTime);
            long start = System.nanoTime();
            try {
                long count = transfer(store, file, bar);
                bar.end();
                err.println(count + " entities with their histories in "
                        + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
                err.flush();
            } finally {
                Startup.waitFor(store.close(), CLOSING);
            }
            return 0;
        } finally {
            Startup.waitFor(vertx.close(), CLOSING);
        }
    }

    /** Writes the contents. */
    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Writes all entities with their histories and all documents of the store to a file.")
    static final class Export extends TransferCommand {
        @Override
        long transfer(Store store, Path path, ProgressBar bar) throws IOException {
            try (BufferedWriter out = TransferFile.write(path)) {
                return new StoreExport(store, out, bar).run();
            }
        }
    }

    /** Reads contents. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Puts what an export wrote into the store, over what has the same name. Nobody is notified.")
    static final class Import extends TransferCommand {
        @Override
        long transfer(Store store, Path path, ProgressBar bar) throws IOException {
            try (BufferedReader in = TransferFile.read(path)) {
                return new StoreImport(store, in, bar).run();
            }
        }
    }
}
