package de.freiraum.ingest.config;

import de.freiraum.config.YamlText;
import de.freiraum.ingest.mapping.Device;
import de.freiraum.ingest.message.CsvText;
import de.freiraum.model.Geometry;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads device lists: CSV with a header line, or a YAML list of maps with the same names. */
final class DeviceList {
    private static final List<String> IDS = List.of("id", "dev_eui", "devEui", "deveui", "device");

    private final Map<String, Device> devices = new LinkedHashMap<>();
    private final Problems problems;

    DeviceList(Problems problems) {
        this.problems = problems;
    }

    Map<String, Device> devices() {
        return devices;
    }

    void addCsv(YamlText file) {
        List<CsvText.Row> rows = CsvText.parse(file.text());
        if (rows.isEmpty()) {
            problems.add("", "", "the device list needs a header line", YamlText.at(file.name(), null));
            return;
        }
        List<String> header = rows.get(0).fields();
        if (header.stream().noneMatch(IDS::contains)) {
            problems.add("", "", "the header needs a column dev_eui or id", YamlText.at(file.name(), null));
            return;
        }
        for (CsvText.Row row : rows.subList(1, rows.size())) {
            String line = file.name() + ":" + row.line() + ":";
            if (row.fields().size() > header.size()) {
                problems.add(
                        "",
                        "",
                        "the line has more fields than the header",
                        line + row.columns().get(header.size()));
                continue;
            }
            Map<String, String> fields = new HashMap<>();
            Map<String, String> origins = new HashMap<>();
            for (int i = 0; i < row.fields().size(); i++) {
                fields.put(header.get(i), row.fields().get(i));
                origins.put(header.get(i), line + row.columns().get(i));
            }
            add(fields, origins, "", line + 1);
        }
    }

    void addYaml(YamlNode list) {
        for (YamlNode entry : list.items()) {
            Map<String, String> fields = new HashMap<>();
            Map<String, String> origins = new HashMap<>();
            entry.members().forEach((name, member) -> {
                origins.put(name, member.origin());
                if (member.isList()) {
                    fields.put(
                            name,
                            String.join(
                                    ";",
                                    member.items().stream()
                                            .map(item -> String.valueOf(item.asText()))
                                            .toList()));
                } else {
                    String text = member.asText();
                    fields.put(name, text == null ? "" : text);
                }
            });
            add(fields, origins, entry.path(), entry.origin());
        }
    }

    private void add(Map<String, String> given, Map<String, String> origins, String path, String origin) {
        Map<String, String> fields = new HashMap<>();
        String id = "";
        for (Map.Entry<String, String> field : given.entrySet()) {
            if (field.getValue().isBlank()) {
                continue;
            }
            if (IDS.contains(field.getKey())) {
                id = field.getValue().strip().toLowerCase(Locale.ROOT);
            } else {
                fields.put(field.getKey(), field.getValue().strip());
            }
        }
        if (id.isEmpty()) {
            problems.add(path, "", "the device needs a dev_eui or id", origin);
            return;
        }
        Device device = new Device(id, fields, location(fields, origins, path, origin), origin);
        Device earlier = devices.putIfAbsent(id, device);
        if (earlier != null) {
            problems.add(path, id, "the device is listed twice, before at " + earlier.origin(), origin);
        }
    }

    private @Nullable Geometry location(
            Map<String, String> fields, Map<String, String> origins, String path, String origin) {
        String latitude = fields.remove("lat");
        String longitude = fields.remove("lon");
        if (latitude == null && longitude == null) {
            return null;
        }
        try {
            double lat = Double.parseDouble(latitude == null ? "" : latitude);
            double lon = Double.parseDouble(longitude == null ? "" : longitude);
            if (Math.abs(lat) <= 90 && Math.abs(lon) <= 180) {
                return Geometry.point(lon, lat);
            }
        } catch (NumberFormatException e) {
            // reported below, like a number out of range
        }
        problems.add(
                path,
                latitude + ", " + longitude,
                "lat must be a number from -90 to 90 and lon one from -180 to 180",
                origins.getOrDefault(latitude == null ? "lon" : "lat", origin));
        return null;
    }
}
