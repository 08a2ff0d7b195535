package de.freiraum.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The configuration that the measured server runs with: one MQTT source of ChirpStack events, Bosch parking sensors on ten sites. */
final class BenchConfig {
    private BenchConfig() {}

    /** The EUI of the n-th device. */
    static String devEui(long n) {
        return String.format(Locale.ROOT, "70b3d5fff%07x", n);
    }

    /** Writes sources and device list. @return the file of the sources */
    static Path write(Path folder, int devices) throws IOException {
        Files.createDirectories(folder);
        StringBuilder list = new StringBuilder("dev_eui,model,site,spot,name,lat,lon,category\n");
        for (int i = 0; i < devices; i++) {
            list.append(String.format(
                    Locale.ROOT,
                    "%s,bosch/tps110,site-%d,%d,Stellplatz %d,%.6f,%.6f,onStreet%n",
                    devEui(i),
                    i % 10,
                    i,
                    i,
                    51.4 + i / 100_000.0,
                    7.5 + i / 100_000.0));
        }
        Files.writeString(folder.resolve("devices.csv"), list);
        return Files.writeString(folder.resolve("sources.yaml"), """
                sources:
                  - id: bench
                    envelope: chirpstack-v4
                    mqtt: { topics: ["bench/up"] }
                    fields: { city: bench }
                devices: [devices.csv]
                """);
    }
}
