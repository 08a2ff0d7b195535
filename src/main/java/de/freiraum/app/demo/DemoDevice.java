package de.freiraum.app.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One simulated device, from the same list that the ingestion reads.
 *
 * @param city the tenant
 * @param devEui 16 hexadecimal digits, lower case
 * @param model brand and model, such as {@code bosch/tps110}
 * @param envelope {@code tts-v3} or {@code chirpstack-v4}
 * @param place the site of a bay, the id of a counter
 * @param commuters whether the site is used by commuters, who come in the morning and leave in the evening
 */
record DemoDevice(String city, String devEui, String model, String envelope, String place, boolean commuters) {
    public static final List<String> CITIES = List.of("schwerte", "dortmund", "gelsenkirchen");

    /** The bays of a city. */
    static List<DemoDevice> bays(String city) {
        return rows(city + "-parking.csv").stream()
                .map(row -> new DemoDevice(
                        city,
                        cell(row, "dev_eui"),
                        cell(row, "model"),
                        envelope(city),
                        cell(row, "site"),
                        cell(row, "siteType").equals("OffStreetParking")))
                .toList();
    }

    /** The people counters of a city. */
    static List<DemoDevice> counters(String city) {
        return rows(city + "-counters.csv").stream()
                .map(row -> new DemoDevice(
                        city, cell(row, "dev_eui"), cell(row, "model"), envelope(city), cell(row, "counter"), false))
                .toList();
    }

    /** Dortmund runs ChirpStack, the other cities The Things Stack. */
    private static String envelope(String city) {
        return city.equals("dortmund") ? "chirpstack-v4" : "tts-v3";
    }

    private static String cell(Map<String, String> row, String column) {
        return Objects.requireNonNull(row.get(column), column);
    }

    /** The rows of a shipped list; its cells contain neither commas nor quotes. */
    private static List<Map<String, String>> rows(String file) {
        try (InputStream bytes = Objects.requireNonNull(DemoDevice.class.getResourceAsStream("/demo/" + file), file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
            List<Map<String, String>> rows = new ArrayList<>();
            List<String> columns =
                    List.of(Objects.requireNonNull(lines.readLine(), file).split(","));
            lines.lines().filter(line -> !line.isBlank()).forEach(line -> {
                String[] cells = line.split(",", -1);
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 0; i < columns.size(); i++) {
                    row.put(columns.get(i), cells[i]);
                }
                rows.add(row);
            });
            return rows;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
