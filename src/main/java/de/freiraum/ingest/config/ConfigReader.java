package de.freiraum.ingest.config;

import de.freiraum.config.ConfigException;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.envelope.ChirpStackV4;
import de.freiraum.ingest.envelope.CloudEvents;
import de.freiraum.ingest.envelope.CsvRows;
import de.freiraum.ingest.envelope.Envelope;
import de.freiraum.ingest.envelope.IotAgentJson;
import de.freiraum.ingest.envelope.Notifications;
import de.freiraum.ingest.envelope.PlainJson;
import de.freiraum.ingest.envelope.TheThingsStackV3;
import de.freiraum.ingest.envelope.ThingPark;
import de.freiraum.ingest.envelope.Ultralight;
import de.freiraum.ingest.mapping.Device;
import de.freiraum.ingest.mapping.EmitRule;
import de.freiraum.ingest.mapping.Mapping;
import de.freiraum.ingest.message.JsonPath;
import de.freiraum.ingest.validation.Policy;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the main file and puts sources, devices and mappings together. */
final class ConfigReader {
    /** The names of all envelopes. */
    static final List<String> ENVELOPES = List.of(
            "tts-v3",
            "chirpstack-v4",
            "thingpark",
            "json",
            "csv",
            "ultralight",
            "iotagent-json",
            "cloudevents",
            "ngsi-ld",
            "ngsi-v2");

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** The level of the topic "poll/SOURCE/DEVICE" that names the device. */
    private static final int POLLED_DEVICE = 2;

    private final Problems problems = new Problems();
    /** Whether a mapping could not be read at all, so that nobody knows which there are. */
    private boolean mappingUnknown;

    private final IngestConfig.FileSource files;
    private final Secrets secrets;
    private final MqttReader mqttReader;

    ConfigReader(IngestConfig.FileSource files, Map<String, String> environment) {
        this.files = files;
        this.secrets = new Secrets(environment);
        this.mqttReader = new MqttReader(secrets, files::path);
    }

    /** The same of files; one that cannot be read is a problem among the others. */
    IngestConfig read(Path main, List<Path> mappingFiles) {
        List<YamlText> texts = new ArrayList<>();
        for (Path file : mappingFiles) {
            YamlText text = text(file);
            mappingUnknown |= text == null;
            if (text != null) {
                texts.add(text);
            }
        }
        YamlText text = text(main);
        return read(text == null ? new YamlText(main.toString(), "sources: []") : text, texts);
    }

    private @Nullable YamlText text(Path file) {
        try {
            return YamlText.read(file);
        } catch (ConfigException e) {
            problems.addAll(e);
            return null;
        }
    }

    IngestConfig read(YamlText main, List<YamlText> mappingFiles) {
        Map<String, Mapping> mappings = mappings(mappingFiles);
        int before = problems.count();
        YamlNode root = YamlNode.parse(main, problems);
        Map<String, SourceDefinition> sources = new LinkedHashMap<>();
        MqttAccess mqtt = MqttAccess.DEFAULT;
        if (root == null) {
            if (problems.count() == before) {
                problems.add("", "", "the file is empty; sources is required", YamlText.at(main.name(), null));
            }
        } else {
            root.allow("sources", "devices", "mappings", "mqtt");
            if (root.get("sources") == null) {
                root.missing("sources is required: where messages come from", "sources");
            }
            for (YamlNode node : root.items("mappings")) {
                add(mappings, node.isMap() ? new MappingReader(problems, files).read(node) : mappingFile(node), true);
            }
            Map<String, Device> shared = devices(root);
            for (YamlNode node : root.items("sources")) {
                SourceDefinition source = source(node, shared, mappings);
                if (sources.putIfAbsent(source.id(), source) != null) {
                    node.problem("the source id is there twice");
                }
            }
            YamlNode access = root.get("mqtt");
            mqtt = access == null ? mqtt : mqttReader.access(access);
        }
        problems.throwIfAny();
        return new IngestConfig(sources, mqtt);
    }

    private Map<String, Mapping> mappings(List<YamlText> files) {
        Map<String, Mapping> byName = new LinkedHashMap<>();
        BuiltInMappings.all().forEach(file -> add(byName, new MappingReader(problems, this.files).read(file), false));
        Map<String, Mapping> own = new LinkedHashMap<>();
        for (YamlText file : files) {
            add(own, new MappingReader(problems, this.files).read(file), true);
        }
        byName.putAll(own);
        return byName;
    }

    private void add(Map<String, Mapping> byName, @Nullable Mapping mapping, boolean own) {
        if (mapping == null) {
            mappingUnknown = true;
            return;
        }
        Mapping earlier = byName.put(mapping.name(), mapping);
        if (own && earlier != null && !earlier.origin().startsWith(BuiltInMappings.ORIGIN)) {
            problems.add(
                    "mapping",
                    mapping.name(),
                    "a mapping of this name is also in " + earlier.origin(),
                    mapping.origin());
        }
    }

    private @Nullable Mapping mappingFile(YamlNode node) {
        YamlText file = file(node);
        return file == null ? null : new MappingReader(problems, files).read(file);
    }

    private @Nullable YamlText file(YamlNode node) {
        String name = node.asText();
        if (name == null) {
            return null;
        }
        try {
            return files.read(name);
        } catch (ConfigException e) {
            node.problem(e.problems().get(0).allowed());
        } catch (InvalidPathException e) {
            node.problem("is no file name");
        }
        return null;
    }

    private Map<String, Device> devices(YamlNode node) {
        DeviceList list = new DeviceList(problems);
        for (YamlNode item : node.items("devices")) {
            if (item.isMap()) {
                list.addYaml(item);
                continue;
            }
            YamlText file = file(item);
            if (file == null) {
                continue;
            }
            if (file.name().endsWith(".csv")) {
                list.addCsv(file);
            } else {
                YamlNode root = YamlNode.parse(file, problems);
                YamlNode inside = root == null || root.isList() ? root : root.get("devices");
                if (inside != null) {
                    list.addYaml(inside);
                }
            }
        }
        return list.devices();
    }

    private SourceDefinition source(YamlNode node, Map<String, Device> shared, Map<String, Mapping> mappings) {
        node.allow(
                "id",
                "tenant",
                "envelope",
                "json",
                "csv",
                "mqtt",
                "broker",
                "webhook",
                "poll",
                "devices",
                "fields",
                "mappings",
                "validate");
        String id = node.required("id");
        YamlNode given = node.get("id");
        if (given != null && !id.isEmpty() && (!ID.matcher(id).matches() || id.equals("dead-letters"))) {
            given.problem(
                    "must be up to 64 letters, digits and . _ - and start with a letter or digit; dead-letters is taken");
        }
        Tenant tenant = node.parsed("tenant", name -> {
            try {
                return new Tenant(name);
            } catch (NgsiLdException e) {
                throw new IllegalArgumentException("must be up to 64 letters, digits and _ . : -", e);
            }
        });
        YamlNode form = node.get("envelope");
        PollDefinition poll = new PollReader(secrets)
                .read(node.get("poll"), form != null && form.isScalar() && "csv".equals(form.asText()));
        Envelope envelope = envelope(node, poll != null && poll.perDevice());
        List<String> topics = mqttReader.topics(node.get("mqtt"));
        SourceDefinition.Broker broker = mqttReader.broker(node.get("broker"));
        SourceDefinition.Webhook webhook = new WebhookReader(secrets).read(node.get("webhook"));
        if (node.get("mqtt") == null && broker == null && webhook == null && node.get("poll") == null) {
            node.missing("needs a way in: mqtt, broker, webhook or poll", "mqtt", "broker", "webhook", "poll");
        }
        Map<String, String> defaults = new HashMap<>();
        YamlNode fields = node.get("fields");
        if (fields != null) {
            fields.members().forEach((name, value) -> {
                String text = value.asText();
                if (text != null) {
                    defaults.put(name, text);
                }
            });
        }
        int before = problems.count();
        Map<String, Mapping> byModel = byModel(node, mappings, envelope);
        boolean known = problems.count() == before && !mappingUnknown;
        Map<String, Device> listed = node.get("devices") == null ? shared : devices(node);
        Map<String, Device> devices = new HashMap<>();
        listed.forEach((device, entry) -> devices.put(device, entry.withDefaults(defaults)));
        if (known) {
            devices.values().forEach(device -> check(device, byModel));
        }
        YamlNode polled = node.get("poll");
        if (poll != null && polled != null) {
            PollReader.check(polled, poll, devices.values(), problems);
        }
        return new SourceDefinition(
                id,
                tenant == null ? Tenant.DEFAULT : tenant,
                envelope == null ? new TheThingsStackV3() : envelope,
                topics,
                broker,
                webhook,
                poll,
                devices,
                byModel,
                validation(node));
    }

    private static Policy validation(YamlNode node) {
        Policy policy = node.parsed("validate", text -> switch (text) {
            case "reject" -> Policy.REJECT;
            case "warn" -> Policy.WARN;
            case "off", "false" -> Policy.OFF;
            default -> throw new IllegalArgumentException("must be reject, warn or off");
        });
        return policy == null ? Policy.WARN : policy;
    }

    /** Own mappings come before built-in ones for the same model; two own ones for one model are a problem. */
    private Map<String, Mapping> byModel(YamlNode node, Map<String, Mapping> mappings, @Nullable Envelope envelope) {
        List<Mapping> chosen = new ArrayList<>();
        if (node.get("mappings") == null) {
            chosen.addAll(mappings.values());
        }
        for (YamlNode item : node.items("mappings")) {
            Mapping mapping = mappings.get(String.valueOf(item.asText()));
            if (mapping != null) {
                chosen.add(mapping);
            } else if (!mappingUnknown) {
                item.problem("there is no such mapping; there are " + String.join(", ", mappings.keySet()));
            }
        }
        Map<String, Mapping> byModel = new HashMap<>();
        for (Mapping mapping : chosen) {
            if (envelope != null
                    && !mapping.envelopes().isEmpty()
                    && !mapping.envelopes().contains(envelope.name())) {
                continue;
            }
            for (String model : mapping.models()) {
                Mapping other = byModel.put(model, mapping);
                boolean builtIn = mapping.origin().startsWith(BuiltInMappings.ORIGIN);
                if (other != null && builtIn == other.origin().startsWith(BuiltInMappings.ORIGIN)) {
                    node.problem("two mappings are for the model " + model + ": " + other.name() + " and "
                            + mapping.name() + "; choose with mappings");
                } else if (other != null && builtIn) {
                    byModel.put(model, other);
                }
            }
        }
        return byModel;
    }

    /** Whether the device's mapping finds what it needs in the device list. */
    private void check(Device device, Map<String, Mapping> byModel) {
        String model = device.field("model");
        if (model == null) {
            return;
        }
        Mapping mapping = byModel.get(model.toLowerCase(Locale.ROOT));
        if (mapping == null) {
            problems.add(
                    "model",
                    model,
                    "there is no mapping for this model; there are some for "
                            + String.join(
                                    ", ", byModel.keySet().stream().sorted().toList()),
                    device.origin());
            return;
        }
        for (EmitRule rule : mapping.emit()) {
            for (String need : rule.entity().needs()) {
                if (need.startsWith("device.") && device.field(need.substring(7)) == null) {
                    problems.add(
                            need.substring(7),
                            "",
                            "the device " + device.id() + " needs it for " + rule.entity(),
                            device.origin());
                }
            }
        }
    }

    /** Null after adding a problem. */
    private static @Nullable Envelope envelope(YamlNode node, boolean deviceIsPolled) {
        YamlNode json = node.get("json");
        YamlNode csv = node.get("csv");
        PlainJson.Layout usual =
                deviceIsPolled ? PlainJson.Layout.DEFAULT.withDeviceFromTopic(POLLED_DEVICE) : PlainJson.Layout.DEFAULT;
        String name = node.required("envelope");
        YamlNode given = node.get("envelope");
        if (json != null && !name.equals("json")) {
            json.problem("is only for envelope: json");
        }
        if (csv != null && !name.equals("csv")) {
            csv.problem("is only for envelope: csv");
        }
        return switch (name) {
            case "tts-v3" -> new TheThingsStackV3();
            case "chirpstack-v4" -> new ChirpStackV4();
            case "thingpark" -> new ThingPark();
            case "json" -> new PlainJson(json == null ? usual : layout(json, deviceIsPolled));
            case "csv" -> new CsvRows(csv == null ? usual : layout(csv, deviceIsPolled));
            case "ultralight" -> new Ultralight();
            case "iotagent-json" -> new IotAgentJson();
            case "cloudevents" -> new CloudEvents();
            case "ngsi-ld" -> new Notifications(Notifications.Kind.NGSI_LD);
            case "ngsi-v2" -> new Notifications(Notifications.Kind.NGSI_V2);
            default -> {
                if (given != null && !name.isEmpty()) {
                    given.problem("must be one of " + String.join(", ", ENVELOPES));
                }
                yield null;
            }
        };
    }

    private static PlainJson.Layout layout(YamlNode node, boolean deviceIsPolled) {
        node.allow("device", "deviceFromTopic", "model", "time", "zone", "counter", "items");
        return new PlainJson.Layout(
                path(node, "device"),
                node.whole("deviceFromTopic", 0, 50, deviceIsPolled && node.get("device") == null ? POLLED_DEVICE : -1),
                path(node, "model"),
                path(node, "time"),
                node.parsed("zone", zone -> {
                    try {
                        return ZoneId.of(zone);
                    } catch (java.time.DateTimeException e) {
                        throw new IllegalArgumentException("must be a time zone such as Europe/Berlin", e);
                    }
                }),
                path(node, "counter"),
                path(node, "items"));
    }

    private static @Nullable String path(YamlNode node, String name) {
        return node.parsed(name, JsonPath::check);
    }
}
