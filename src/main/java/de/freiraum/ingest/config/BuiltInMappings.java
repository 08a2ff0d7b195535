package de.freiraum.ingest.config;

import de.freiraum.config.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The mappings that come with the program. */
final class BuiltInMappings {
    /** How the origin of each begins. */
    static final String ORIGIN = "built-in ";

    private static final List<String> NAMES = List.of(
            "parking-bosch-tps110",
            "parking-nwave-nps405",
            "parking-dingtek-do201",
            "parking-libelium",
            "footfall-milesight-vs132",
            "footfall-milesight-vs13x",
            "footfall-milesight-vs350",
            "footfall-milesight-vs360",
            "footfall-milesight-vs121",
            "footfall-parametric-pcr2",
            "footfall-imbuildings");

    private BuiltInMappings() {}

    static List<YamlText> all() {
        return NAMES.stream()
                .map(name -> new YamlText(ORIGIN + name + ".yaml", text(name)))
                .toList();
    }

    private static String text(String name) {
        try (InputStream in = BuiltInMappings.class.getResourceAsStream("/mappings/" + name + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException("the mapping " + name + " is missing in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
