package de.freiraum.ingest.config;

import de.freiraum.ingest.layout.Meaning;
import de.freiraum.ingest.layout.NumberType;
import de.freiraum.ingest.layout.Part;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one field of a declared layout. */
final class FieldReader {
    private static final String TYPES =
            "must be u8 to u64 or s8 to s64 in steps of 8, f32, f64 (with le or be), bool, text, hex, version, bcd or skip";
    private static final NumberType BYTE = new NumberType('u', 1, false);

    private static final String[] NUMBER_NAMES = {
        "name",
        "type",
        "at",
        "when",
        "optional",
        "repeat",
        "mask",
        "shift",
        "scale",
        "offset",
        "absent",
        "equals",
        "enum",
        "else",
        "flags"
    };
    private static final String[] NAMES =
            Stream.concat(Stream.of(NUMBER_NAMES), Stream.of("size", "bits")).toArray(String[]::new);

    private final boolean littleEndian;

    FieldReader(boolean littleEndian) {
        this.littleEndian = littleEndian;
    }

    /** The field, or null after adding a problem. */
    @Nullable
    Part read(YamlNode node) {
        if (node.get("type") == null) {
            node.allow(NAMES);
        }
        String type = node.required("type");
        if (type.isEmpty()) {
            return null;
        }
        if (type.equals("bool")) {
            node.allow("name", "type", "at", "when", "optional", "repeat");
            return new Part.Numeric(node.required("name"), BYTE, new Part.BitRange(0, 8, -1), Meaning.TRUTH);
        }
        for (Part.Form form : Part.Form.values()) {
            if (form.name().equals(type)) {
                return bytes(node, form);
            }
        }
        NumberType number = node.parsed("type", text -> {
            if (!NumberType.looksLike(text)) {
                throw new IllegalArgumentException(TYPES);
            }
            return NumberType.parse(text, littleEndian);
        });
        if (number == null) {
            return null;
        }
        return node.get("bits") == null ? number(node, number) : bits(node, number);
    }

    private static Part bytes(YamlNode node, Part.Form form) {
        node.allow("name", "type", "size", "at", "when", "optional", "repeat");
        String name = form == Part.Form.skip ? "" : node.required("name");
        YamlNode size = node.get("size");
        if (size == null) {
            node.missing(
                    "size is required: how many bytes, the name of an earlier field that tells it, or rest", "size");
        }
        return new Part.Bytes(name, form, size == null ? Part.Size.REST : LayoutReader.size(size));
    }

    private Part number(YamlNode node, NumberType type) {
        node.allow(NUMBER_NAMES);
        Meaning meaning = meaning(node);
        String name = node.text("name");
        if (name == null && meaning.equal() == null) {
            node.missing("name is required, unless equals only checks the number", "name");
        }
        int width = type.bytes() * 8;
        int shift = node.whole("shift", 0, width - 1, 0);
        Long mask = node.parsed("mask", FieldReader::mask);
        if (mask != null && type.kind() != 'u') {
            node.problem("mask and shift are for numbers without sign");
        }
        // A mask is written as it lies over the number, so it is shifted with it.
        return new Part.Numeric(
                name == null ? "" : name,
                type,
                new Part.BitRange(shift, width - shift, mask == null ? -1 : mask >>> shift),
                meaning);
    }

    private static long mask(String text) {
        try {
            return Long.decode(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a whole number such as 0x7f", e);
        }
    }

    private Part bits(YamlNode node, NumberType type) {
        node.allow("type", "at", "when", "optional", "bits");
        if (type.kind() == 'f') {
            node.problem("bits are of whole numbers");
        }
        List<Part.Numeric> fields = new ArrayList<>();
        for (YamlNode item : node.items("bits")) {
            item.allow("name", "bit", "bits", "signed", "scale", "offset", "absent", "equals", "enum", "else");
            boolean single = item.get("bit") != null;
            if (single == (item.get("bits") != null)) {
                item.problem("needs either bit, a number, or bits, the lowest and the highest number");
                continue;
            }
            int width = type.bytes() * 8;
            int low;
            int high;
            if (single) {
                low = item.whole("bit", 0, width - 1, 0);
                high = low;
            } else {
                List<YamlNode> limits = item.items("bits");
                low = bit(limits.get(0), width);
                high = bit(limits.get(limits.size() - 1), width);
                if (limits.size() != 2 || low > high) {
                    item.problem("bits must be a list of the lowest and the highest number");
                    continue;
                }
            }
            Meaning meaning = meaning(item);
            boolean truth = single && Meaning.NUMBER.equals(meaning);
            NumberType kind =
                    new NumberType(item.truth("signed", false) ? 's' : 'u', type.bytes(), type.littleEndian());
            fields.add(new Part.Numeric(
                    item.required("name"),
                    kind,
                    new Part.BitRange(low, high - low + 1, -1),
                    truth ? Meaning.TRUTH : meaning));
        }
        return new Part.Bits(type, fields);
    }

    private static int bit(YamlNode node, int width) {
        Integer bit = node.parsed(text -> LayoutReader.whole(text, 0, width - 1));
        return bit == null ? 0 : bit;
    }

    private static Meaning meaning(YamlNode node) {
        Map<Long, String> words = new HashMap<>();
        texts(node, "enum").forEach((number, word) -> words.put(number, word));
        Map<Integer, String> flags = new HashMap<>();
        texts(node, "flags").forEach((bit, word) -> {
            if (bit < 0 || bit > 63) {
                node.problem("flags are named by bits from 0 to 63");
            }
            flags.put(bit.intValue(), word);
        });
        return new Meaning(
                node.parsed("scale", FieldReader::decimal),
                node.parsed("offset", FieldReader::decimal),
                node.parsed("absent", FieldReader::mask),
                node.parsed("equals", FieldReader::mask),
                words,
                node.text("else"),
                flags,
                false);
    }

    private static Map<Long, String> texts(YamlNode node, String name) {
        Map<Long, String> texts = new HashMap<>();
        YamlNode map = node.get(name);
        if (map != null) {
            map.members().forEach((number, word) -> {
                String text = word.asText();
                if (text == null) {
                    return;
                }
                try {
                    texts.put(Long.decode(number), text);
                } catch (NumberFormatException e) {
                    word.problem("what stands before the colon must be a whole number");
                }
            });
        }
        return texts;
    }

    private static BigDecimal decimal(String text) {
        try {
            BigDecimal number = new BigDecimal(text);
            if (number.abs().compareTo(BigDecimal.valueOf(1e15)) <= 0 && number.scale() <= 20) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a number such as 0.1", e);
        }
        throw new IllegalArgumentException("must be a number up to 1e15 with at most 20 digits behind the point");
    }
}
