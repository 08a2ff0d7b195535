package de.freiraum.app.operations;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the command line reaches a running server on the same machine: a file in the data directory, for its owner only, with the server's address and a secret
 * that lives as long as the server. Who can read it can read all data anyway.
 *
 * @param url where the server listens, without a slash at the end
 * @param token the secret
 */
public record Control(URI url, String token) {
    private static final int BYTES = 32;
    private static final int MAX_BYTES = 4096;

    /** One with a new secret. */
    public static Control at(URI url) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return new Control(url, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }

    /** Where the file is. */
    public static Path file(Path dataDir) {
        return dataDir.resolve("control.json");
    }

    /** Writes the file in place of an older one. */
    public void write(Path dataDir) throws IOException {
        Path file = file(dataDir);
        Files.deleteIfExists(file);
        FileAttribute<?>[] ownerOnly =
                dataDir.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        Files.createFile(file, ownerOnly);
        Files.write(
                file,
                new JsonWriter()
                        .beginObject()
                        .member("url", url.toString())
                        .member("token", token)
                        .endObject()
                        .toBytes(),
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** What the file says, if there is one. It may be of a server that has been killed. */
    public static Optional<Control> read(Path dataDir) throws IOException {
        Path file = file(dataDir);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Value document = JsonReader.read(Files.readAllBytes(file), MAX_BYTES);
            return document instanceof Value.Obj object
                            && object.members().get("url") instanceof Value.Text url
                            && object.members().get("token") instanceof Value.Text token
                    ? Optional.of(new Control(URI.create(url.text()), token.text()))
                    : Optional.empty();
        } catch (NgsiLdException half) {
            return Optional.empty();
        }
    }

    /** Whether a credential is this secret. */
    public boolean knows(@Nullable String credential) {
        return credential != null
                && MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8), credential.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Control[" + url + "]";
    }
}
