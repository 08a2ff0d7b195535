package de.freiraum.app;

import de.freiraum.app.operations.BackupFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a data directory of a backup. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Makes a data directory of a backup, after its checksums were verified. The server must not run.")
final class RestoreCommand implements Callable<Integer> {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    @Option(
            names = "--replace",
            description = "If the data directory is not empty, move it aside (to NAME.before-TIME) rather than refuse.")
    private boolean replace;

    @Parameters(paramLabel = "BACKUP", description = "The folder or .zip file that backup made.")
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private Path backup;

    @Override
    public Integer call() throws IOException {
        AppConfig config = options.load(System.getenv());
        PrintWriter err = spec.commandLine().getErr();
        Path data = config.dataDir().toAbsolutePath().normalize();
        if (!Files.exists(backup)) {
            throw new IOException("there is no backup at " + backup);
        }
        boolean occupied = isOccupied(data);
        if (occupied && !replace) {
            throw new IOException(data + " is not empty; --replace moves what is there aside");
        }
        if (occupied) {
            requireUnused(data);
        }
        Path making = data.resolveSibling(data.getFileName() + ".restoring");
        Path unpacked = data.resolveSibling(data.getFileName() + ".unpacking");
        BackupFolder.delete(making);
        BackupFolder.delete(unpacked);
        String madeAt;
        try {
            Path folder = backup.toAbsolutePath().normalize();
            if (Files.isRegularFile(folder)) {
                BackupFolder.unpack(folder, unpacked);
                folder = unpacked;
            }
            madeAt = BackupFolder.verify(folder);
            BackupFolder.copy(folder, making);
            if (occupied) {
                Path aside = data.resolveSibling(data.getFileName() + ".before-"
                        + STAMP.format(Clock.systemUTC().instant()));
                Files.move(data, aside);
                err.println("what was there is in " + aside);
            } else {
                Files.deleteIfExists(data);
            }
            Files.move(making, data);
        } finally {
            BackupFolder.delete(making);
            BackupFolder.delete(unpacked);
        }
        err.println(data + " is as it was at " + madeAt);
        err.flush();
        return 0;
    }

    private static boolean isOccupied(Path data) throws IOException {
        if (!Files.exists(data)) {
            return false;
        }
        try (Stream<Path> files = Files.list(data)) {
            return files.findAny().isPresent();
        }
    }

    /** A server holds the lock of its store as long as it runs. */
    private static void requireUnused(Path data) throws IOException {
        Path lock = data.resolve("LOCK");
        if (!Files.exists(lock)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            if (held == null) {
                throw new IOException(data + " is in use by another process; stop the server first");
            }
        }
    }
}
