package de.freiraum.app;

import de.freiraum.app.operations.BackupFolder;
import de.freiraum.app.operations.Control;
import de.freiraum.json.JsonWriter;
import de.freiraum.ops.Health;
import de.freiraum.ops.Metrics;
import de.freiraum.store.embedded.EmbeddedStore;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a consistent copy of the embedded store, while the server runs or not. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Makes a consistent copy of the embedded store, while the server goes on running or when there is none.")
final class BackupCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    @Parameters(paramLabel = "TARGET", description = "A folder or, if it ends in .zip, a file; it must not exist yet.")
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private Path target;

    @Override
    public Integer call() throws Exception {
        AppConfig config = options.load(System.getenv());
        PrintWriter err = spec.commandLine().getErr();
        Path wanted = target.toAbsolutePath().normalize();
        if (config.store() == AppConfig.Store.MONGODB) {
            throw new IOException("a backup of MongoDB is made with its own means; see docs/operations.md");
        }
        if (Files.exists(wanted)) {
            throw new IOException(wanted + " exists already");
        }
        if (!Files.exists(config.dataDir().resolve("CURRENT"))) {
            throw new IOException("there is no store in " + config.dataDir() + "; name it by --data-dir");
        }
        Path parent = wanted.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Path making = wanted.resolveSibling(wanted.getFileName() + ".making");
        BackupFolder.delete(making);
        try {
            copy(config, making);
            Path keys = config.security().keyFile(config.dataDir());
            if (Files.exists(keys)) {
                Files.copy(keys, making.resolve("keys.json"));
            }
            BackupFolder.seal(making, Clock.systemUTC().instant());
            if (wanted.toString().endsWith(".zip")) {
                BackupFolder.pack(making, wanted);
            } else {
                Files.move(making, wanted);
            }
        } finally {
            BackupFolder.delete(making);
        }
        err.println("backup of " + config.dataDir() + " in " + wanted);
        err.flush();
        return 0;
    }

    private static void copy(AppConfig config, Path folder) throws Exception {
        Optional<Control> control = Control.read(config.dataDir());
        if (control.isPresent() && askedServer(control.get(), folder)) {
            return;
        }
        Vertx vertx = Vertx.vertx();
        try {
            EmbeddedStore store = Startup.waitFor(
                    new StoreOpening(vertx, config, Clock.systemUTC(), new Health(), new Metrics()).embedded(),
                    PATIENCE);
            try {
                Startup.waitFor(store.copyTo(folder), PATIENCE);
            } finally {
                Startup.waitFor(store.close(), PATIENCE);
            }
        } finally {
            Startup.waitFor(vertx.close(), PATIENCE);
        }
    }

    /** Whether a server is there and has made the copy. */
    private static boolean askedServer(Control control, Path folder) throws Exception {
        byte[] body = new JsonWriter()
                .beginObject()
                .member("directory", folder.toString())
                .endObject()
                .toBytes();
        try {
            ServerCall.Answer answer =
                    ServerCall.send(control, true, HttpMethod.POST, "/operations/backup", body, PATIENCE);
            // Somebody else may have the port of a server that was killed.
            if (answer.status() == 503) {
                throw new IOException("the server cannot make the copy: " + answer.body());
            }
            return answer.status() == 204;
        } catch (ConnectException killed) {
            return false;
        }
    }
}
