package de.freiraum.app.operations;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** A backup: the files of a data directory, and a list of them with lengths and SHA-256, so that damage is noticed before it is restored. */
public final class BackupFolder {
    /** The list. */
    public static final String LIST = "freiraum-backup.json";

    private static final int MAX_LIST = 64 << 20;

    private BackupFolder() {}

    /** Adds the list to a folder that holds everything else. */
    public static void seal(Path folder, Instant at) throws IOException {
        JsonWriter json = new JsonWriter()
                .beginObject()
                .member("madeAt", at.toString())
                .name("files")
                .beginArray();
        for (Path file : files(folder)) {
            json.beginObject()
                    .member("name", file.getFileName().toString())
                    .member("bytes", Files.size(file))
                    .member("sha256", sha256(file))
                    .endObject();
        }
        Files.write(folder.resolve(LIST), json.endArray().endObject().toBytes());
    }

    /**
     * Compares a folder with its list.
     *
     * @return when the backup was made
     * @throws IOException naming the first file that is missing, too much or damaged
     */
    public static String verify(Path folder) throws IOException {
        Path list = folder.resolve(LIST);
        if (!Files.isRegularFile(list)) {
            throw new IOException(folder + " is no backup: it has no " + LIST);
        }
        Set<String> named = new HashSet<>();
        try {
            Map<String, Value> document = ((Value.Obj) JsonReader.read(Files.readAllBytes(list), MAX_LIST)).members();
            for (Value entry : ((Value.Array) member(document, "files")).items()) {
                Map<String, Value> members = ((Value.Obj) entry).members();
                String name = text(members, "name");
                named.add(name);
                check(
                        folder,
                        name,
                        ((Value.Num) member(members, "bytes")).number().longValue(),
                        text(members, "sha256"));
            }
            for (Path file : files(folder)) {
                if (!named.contains(file.getFileName().toString())) {
                    throw new IOException("the backup is damaged: " + file.getFileName() + " is not in its list");
                }
            }
            return text(document, "madeAt");
        } catch (NgsiLdException | ClassCastException e) {
            throw new IOException("the backup is damaged: " + LIST + " cannot be read", e);
        }
    }

    private static void check(Path folder, String name, long bytes, String sha256) throws IOException {
        Path file = folder.resolve(name);
        if (!folder.equals(file.getParent()) || !Files.isRegularFile(file)) {
            throw new IOException("the backup is damaged: " + name + " is missing");
        }
        if (Files.size(file) != bytes || !sha256(file).equals(sha256)) {
            throw new IOException("the backup is damaged: " + name + " is not what it was");
        }
    }

    /** Copies the files of a backup, without its list, into a folder that is made for them. */
    public static void copy(Path folder, Path target) throws IOException {
        Files.createDirectories(target);
        for (Path file : files(folder)) {
            Files.copy(file, target.resolve(file.getFileName().toString()));
        }
    }

    /** Packs a folder into a file. */
    public static void pack(Path folder, Path zip) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            List<Path> all = new ArrayList<>(files(folder));
            all.add(folder.resolve(LIST));
            for (Path file : all) {
                out.putNextEntry(new ZipEntry(file.getFileName().toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }

    /** Unpacks a file into a folder that is made for it. */
    public static void unpack(Path zip, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                if (!folder.equals(file.getParent())) {
                    throw new IOException("this is no backup: it has folders in it");
                }
                Files.copy(in, file);
            }
        }
    }

    /** Deletes a folder and its files. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals(LIST))
                    .sorted()
                    .toList();
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digesting.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Value member(Map<String, Value> members, String name) throws IOException {
        Value value = members.get(name);
        if (value == null) {
            throw new IOException("the backup is damaged: " + LIST + " lacks \"" + name + "\"");
        }
        return value;
    }

    private static String text(Map<String, Value> members, String name) throws IOException {
        return ((Value.Text) member(members, name)).text();
    }
}
