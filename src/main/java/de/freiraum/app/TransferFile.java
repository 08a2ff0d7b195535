package de.freiraum.app;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The file of a transfer; one that ends in {@code .gz} is compressed. */
final class TransferFile {
    private static final int BUFFER = 1 << 16;

    private TransferFile() {}

    static BufferedWriter write(Path file) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return new BufferedWriter(
                new OutputStreamWriter(
                        isCompressed(file) ? new GZIPOutputStream(out, BUFFER) : out, StandardCharsets.UTF_8),
                BUFFER);
    }

    static BufferedReader read(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return new BufferedReader(
                new InputStreamReader(
                        isCompressed(file) ? new GZIPInputStream(in, BUFFER) : in, StandardCharsets.UTF_8),
                BUFFER);
    }

    private static boolean isCompressed(Path file) {
        return file.toString().endsWith(".gz");
    }
}
