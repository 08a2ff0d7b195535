package de.freiraum.ingest.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.ingest.codec.Codecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/ingestion.md shows works. */
class IngestionDocumentTest {
    private static final Pattern FILE =
            Pattern.compile("`([a-z/-]+\\.(?:yaml|csv|js))`[^\\n]*:\\n\\n```\\w+\\n(.*?)```", Pattern.DOTALL);

    @Test
    void theExampleFilesMakeAWorkingConfiguration(@TempDir Path folder) throws IOException {
        Map<String, String> files = new HashMap<>();
        Matcher matcher = FILE.matcher(document());
        while (matcher.find()) {
            files.put(matcher.group(1), matcher.group(2));
        }
        assertThat(files)
                .containsOnlyKeys(
                        "sources.yaml",
                        "devices.csv",
                        "mappings/acme-box.yaml",
                        "mappings/beispiel-bay.yaml",
                        "mappings/musterwerk-bay.yaml",
                        "mappings/musterwerk-bay.js",
                        "hystreet/sources.yaml",
                        "hystreet/mappings/hystreet.yaml");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(requireNonNull(path.getParent()));
            Files.writeString(path, file.getValue());
        }
        IngestConfig config = IngestConfig.load(folder, Map.of("TTS_KEY", "a", "MQTT_PASSWORD", "b"));
        assertThat(config.sources()).containsOnlyKeys("parking", "footfall", "boxes");
        assertThat(requireNonNull(config.source("boxes")).mappings())
                .containsKeys("acme/box", "beispiel/bay-1", "musterwerk/bay");
    }

    @Test
    void everyCodecIsInTheTable() throws IOException {
        assertThat(document()).contains(Codecs.names());
    }

    private static String document() throws IOException {
        return Files.readString(Path.of("docs/ingestion.md"));
    }
}
