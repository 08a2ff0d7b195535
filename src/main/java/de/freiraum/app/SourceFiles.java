package de.freiraum.app;

import de.freiraum.ingest.config.IngestConfig;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files with sources, devices and mappings: reads them and sees whether they have changed. For threads that may block. */
final class SourceFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SourceFiles.class);
    private static final List<String> KINDS = List.of(".yaml", ".yml", ".csv", ".js");
    private static final int MOST_FILES = 10_000;
    private static final int DEPTH = 2;

    private final Path place;
    private final Supplier<IngestConfig> loader;

    /**
     * The files at a place.
     *
     * @param place the file or the folder
     * @param loader reads all; fails with a ConfigException
     */
    SourceFiles(Path place, Supplier<IngestConfig> loader) {
        this.place = place.toAbsolutePath();
        this.loader = loader;
    }

    /** What the files say now; fails with a ConfigException. */
    IngestConfig load() {
        return loader.get();
    }

    /** Changes with any file in the folder and in those directly below, by time or size. */
    Map<Path, String> fingerprint() {
        Path folder = Files.isDirectory(place) ? place : place.resolveSibling("");
        Map<Path, String> stamps = new HashMap<>();
        try (Stream<Path> files = Files.find(folder, DEPTH, SourceFiles::counts, FileVisitOption.FOLLOW_LINKS)) {
            files.limit(MOST_FILES).forEach(file -> stamps.put(file, stamp(file)));
        } catch (IOException | java.io.UncheckedIOException e) {
            LOG.debug("the sources' folder is not readable at the moment: {}", e.toString());
        }
        stamps.put(place, stamp(place));
        return stamps;
    }

    private static boolean counts(Path file, BasicFileAttributes attributes) {
        String name = String.valueOf(file.getFileName());
        return attributes.isRegularFile() && KINDS.stream().anyMatch(name::endsWith);
    }

    private static String stamp(Path file) {
        try {
            return Files.isDirectory(file) ? "folder" : Files.getLastModifiedTime(file) + " " + Files.size(file);
        } catch (IOException e) {
            return "gone";
        }
    }
}
