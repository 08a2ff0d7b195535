package de.freiraum.ingest.config;

import de.freiraum.ingest.layout.ChannelKey;
import de.freiraum.ingest.layout.Channels;
import de.freiraum.ingest.layout.Layout;
import de.freiraum.ingest.layout.NumberType;
import de.freiraum.ingest.layout.Part;
import de.freiraum.ingest.layout.Sequence;
import de.freiraum.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the declared binary layout of a mapping: ports, their frames, the parts in them. */
final class LayoutReader {
    private static final int MOST_BYTES = 65_535;
    private static final Sequence NOTHING = new Sequence(List.of());

    private final String mapping;
    private boolean littleEndian;

    LayoutReader(String mapping) {
        this.mapping = mapping;
    }

    /** The layout; problems are added to the node's. */
    Layout read(YamlNode node) {
        node.allow("endian", "ports");
        littleEndian = Boolean.TRUE.equals(node.parsed("endian", text -> switch (text) {
            case "big" -> false;
            case "little" -> true;
            default -> throw new IllegalArgumentException("must be big or little");
        }));
        Map<Integer, Layout.Frame> frames = new HashMap<>();
        Layout.Frame others = null;
        YamlNode ports = node.get("ports");
        if (ports == null) {
            node.missing("ports is required: what comes on which port", "ports");
            return new Layout(mapping, frames, null);
        }
        for (Map.Entry<String, YamlNode> port : ports.members().entrySet()) {
            Layout.Frame frame = frame(port.getValue());
            if (port.getKey().equals("any")) {
                others = frame;
                continue;
            }
            for (String number : port.getKey().split(",", -1)) {
                Integer value = port(number.strip());
                if (value == null) {
                    port.getValue().problem("a port must be a number from 0 to 255, several with commas, or any");
                } else if (frames.put(value, frame) != null) {
                    port.getValue().problem("the port " + value + " is there twice");
                }
            }
        }
        return new Layout(mapping, frames, others);
    }

    private static @Nullable Integer port(String text) {
        return text.matches("\\d{1,3}") && Integer.parseInt(text) <= 255 ? Integer.valueOf(text) : null;
    }

    private Layout.Frame frame(YamlNode node) {
        if (node.isScalar()) {
            if (!"ignore".equals(node.asText())) {
                node.problem("must be ignore, a list of fields, or a map with fields");
            }
            return new Layout.Frame(null, 0, MOST_BYTES, true);
        }
        if (node.isList()) {
            Sequence parts = sequence(node);
            return new Layout.Frame(parts, parts.least(), MOST_BYTES, false);
        }
        node.allow("length", "extra", "fields");
        YamlNode fields = node.get("fields");
        if (fields == null) {
            node.missing("fields is required: what lies in the frame", "fields");
            return new Layout.Frame(null, 0, MOST_BYTES, true);
        }
        Sequence parts = sequence(fields);
        boolean open = Boolean.TRUE.equals(node.parsed("extra", text -> switch (text) {
            case "refuse" -> false;
            case "ignore" -> true;
            default -> throw new IllegalArgumentException("must be refuse or ignore");
        }));
        YamlNode length = node.get("length");
        if (length == null) {
            return new Layout.Frame(parts, parts.least(), MOST_BYTES, open);
        }
        int[] limits = limits(length);
        if (parts.least() > limits[1]) {
            length.problem("the fields have " + parts.least() + " bytes, and the length allows " + limits[1]);
        }
        return new Layout.Frame(parts, limits[0], limits[1], open);
    }

    /** One number, or the least and the most. */
    private static int[] limits(YamlNode node) {
        List<Integer> limits = new ArrayList<>();
        for (YamlNode item : node.items()) {
            Integer limit = item.parsed(text -> whole(text, 0, MOST_BYTES));
            limits.add(limit == null ? 0 : limit);
        }
        if (limits.isEmpty() || limits.size() > 2 || limits.get(0) > limits.get(limits.size() - 1)) {
            node.problem("must be a number of bytes, or a list of the least and the most");
            return new int[] {0, MOST_BYTES};
        }
        return new int[] {limits.get(0), limits.get(limits.size() - 1)};
    }

    static int whole(String text, int least, int most) {
        try {
            int number = Integer.decode(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a whole number from " + least + " to " + most, e);
        }
        throw new IllegalArgumentException("must be a whole number from " + least + " to " + most);
    }

    private Sequence sequence(YamlNode node) {
        if (!node.isList()) {
            node.problem("must be a list of fields");
            return NOTHING;
        }
        List<Sequence.Step> steps = new ArrayList<>();
        for (YamlNode item : node.items()) {
            Part part = part(item);
            if (part == null) {
                continue;
            }
            Map<String, List<Value>> when = new HashMap<>();
            YamlNode condition = item.get("when");
            if (condition != null) {
                condition
                        .members()
                        .forEach((name, values) -> when.put(
                                name,
                                values.items().stream().map(YamlNode::value).toList()));
            }
            Integer at = item.parsed("at", text -> whole(text, -MOST_BYTES, MOST_BYTES));
            steps.add(new Sequence.Step(part, at, when, item.truth("optional", false)));
        }
        return new Sequence(steps);
    }

    private @Nullable Part part(YamlNode node) {
        if (!node.isMap()) {
            node.problem("must be a field: a map with type, fields or channels");
            return null;
        }
        if (node.get("channels") != null) {
            return channels(node);
        }
        YamlNode repeat = node.get("repeat");
        if (repeat == null) {
            return once(node);
        }
        String name = node.required("name");
        Part.Size times = size(repeat);
        if (node.get("fields") != null) {
            node.allow("name", "fields", "repeat", "at", "when", "optional");
            Sequence parts = node.get("fields") == null ? NOTHING : sequence(required(node, "fields"));
            return notEmpty(node, new Part.Repeat(name, times, parts, null));
        }
        Part part = once(node);
        return part == null
                ? null
                : notEmpty(
                        node,
                        new Part.Repeat(
                                name,
                                times,
                                new Sequence(List.of(new Sequence.Step(part, null, Map.of(), false))),
                                name));
    }

    private static Part notEmpty(YamlNode node, Part.Repeat repeat) {
        if (repeat.parts().least() == 0) {
            node.problem("what is repeated must have at least one byte");
        }
        return repeat;
    }

    private static YamlNode required(YamlNode node, String name) {
        YamlNode member = node.get(name);
        return member == null ? node : member;
    }

    private @Nullable Part once(YamlNode node) {
        if (node.get("fields") != null) {
            node.allow("fields", "at", "when", "optional");
            return new Part.Group(sequence(required(node, "fields")));
        }
        return new FieldReader(littleEndian).read(node);
    }

    static Part.Size size(YamlNode node) {
        Part.Size size = node.parsed(text -> {
            if (text.equals("rest")) {
                return Part.Size.REST;
            }
            return text.matches("-?\\d.*") ? new Part.Size(whole(text, 1, MOST_BYTES), null) : new Part.Size(-1, text);
        });
        return size == null ? Part.Size.REST : size;
    }

    private Channels channels(YamlNode node) {
        node.allow("channels", "key", "length", "unknown", "at", "when", "optional");
        int keyBytes = node.whole("key", 1, 4, 2);
        NumberType length = node.parsed("length", text -> NumberType.parse(text, littleEndian));
        Channels.Unknown unknown = node.parsed("unknown", text -> {
            try {
                return Channels.Unknown.valueOf(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("must be refuse, stop or skip", e);
            }
        });
        if (unknown == Channels.Unknown.skip && length == null) {
            node.problem("unknown: skip needs length, the number that tells how many bytes a channel has");
        }
        List<Channels.Channel> channels = new ArrayList<>();
        required(node, "channels").members().forEach((key, channel) -> {
            ChannelKey parsed = null;
            try {
                parsed = ChannelKey.parse(key, keyBytes);
            } catch (IllegalArgumentException e) {
                channel.problem(String.valueOf(e.getMessage()));
            }
            Channels.Channel read = channel(channel, parsed == null ? new ChannelKey(List.of()) : parsed);
            if (parsed != null) {
                channels.add(read);
            }
        });
        return new Channels(keyBytes, length, channels, unknown == null ? Channels.Unknown.refuse : unknown);
    }

    private Channels.Channel channel(YamlNode node, ChannelKey key) {
        if (node.isScalar()) {
            if (!"stop".equals(node.asText())) {
                node.problem("must be stop, a list of fields, or a map with fields and into");
            }
            return new Channels.Channel(key, null, null);
        }
        if (node.isList()) {
            return new Channels.Channel(key, sequence(node), null);
        }
        node.allow("fields", "into");
        if (node.get("fields") == null) {
            node.missing("fields is required: what lies in the channel", "fields");
            return new Channels.Channel(key, NOTHING, null);
        }
        return new Channels.Channel(key, sequence(required(node, "fields")), node.text("into"));
    }
}
