package de.freiraum.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.smile.SmileParser;
import de.freiraum.model.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Values, texts and times in what {@link ModelCodec} stores. */
final class ValueCodec {
    private static final int MOST_REMEMBERED_STRINGS = 20_000;
    private static final int LONGEST_REMEMBERED_STRING = 200;
    private static final Map<String, String> REMEMBERED = new ConcurrentHashMap<>();

    private ValueCodec() {}

    static void write(JsonGenerator g, Value value) throws IOException {
        if (value instanceof Value.Text t) {
            g.writeString(t.text());
        } else if (value instanceof Value.Num n) {
            write(g, n.number());
        } else if (value instanceof Value.Bool b) {
            g.writeBoolean(b.truth());
        } else if (value instanceof Value.Null) {
            g.writeNull();
        } else if (value instanceof Value.Array a) {
            g.writeStartArray();
            for (Value item : a.items()) {
                write(g, item);
            }
            g.writeEndArray();
        } else if (value instanceof Value.Obj o) {
            g.writeStartObject();
            for (Map.Entry<String, Value> member : o.members().entrySet()) {
                g.writeFieldName(member.getKey());
                write(g, member.getValue());
            }
            g.writeEndObject();
        }
    }

    private static void write(JsonGenerator g, Number number) throws IOException {
        if (number instanceof Double d) {
            if (!Double.isFinite(d)) {
                throw new IllegalArgumentException("a number that is not finite cannot be stored");
            }
            g.writeNumber(d);
        } else if (number instanceof BigInteger b) {
            g.writeNumber(b);
        } else if (number instanceof BigDecimal b) {
            g.writeNumber(b);
        } else {
            g.writeNumber(number.longValue());
        }
    }

    static Value readValue(JsonParser p) throws IOException {
        return switch (p.currentToken()) {
            case VALUE_STRING -> new Value.Text(p.getText());
            case VALUE_NUMBER_INT -> new Value.Num(readWhole(p));
            case VALUE_NUMBER_FLOAT -> new Value.Num(readFraction(p));
            case VALUE_TRUE -> Value.Bool.TRUE;
            case VALUE_FALSE -> Value.Bool.FALSE;
            case VALUE_NULL -> Value.Null.INSTANCE;
            case START_ARRAY -> new Value.Array(readValues(p));
            case START_OBJECT -> {
                Map<String, Value> members = new LinkedHashMap<>();
                for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
                    p.nextToken();
                    members.put(name, readValue(p));
                }
                yield new Value.Obj(members);
            }
            default -> throw new IllegalArgumentException("a stored value starts with " + p.currentToken());
        };
    }

    private static Number readWhole(JsonParser p) throws IOException {
        if (p.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            return p.getBigIntegerValue();
        }
        return p.getLongValue();
    }

    private static Number readFraction(JsonParser p) throws IOException {
        if (!(p instanceof SmileParser)) {
            BigDecimal exact = p.getDecimalValue();
            double near = exact.doubleValue();
            return Double.isFinite(near) && BigDecimal.valueOf(near).compareTo(exact) == 0 ? (Number) near : exact;
        }
        if (p.getNumberType() == JsonParser.NumberType.BIG_DECIMAL) {
            return p.getDecimalValue();
        }
        return p.getDoubleValue();
    }

    static List<Value> readValues(JsonParser p) throws IOException {
        expect(p, JsonToken.START_ARRAY);
        List<Value> values = new ArrayList<>();
        while (p.nextToken() != JsonToken.END_ARRAY) {
            values.add(readValue(p));
        }
        return values;
    }

    static Map<String, List<String>> readLanguages(JsonParser p) throws IOException {
        expect(p, JsonToken.START_OBJECT);
        Map<String, List<String>> languages = new LinkedHashMap<>();
        for (String tag = p.nextFieldName(); tag != null; tag = p.nextFieldName()) {
            p.nextToken();
            languages.put(tag, readTexts(p));
        }
        return languages;
    }

    static void text(JsonGenerator g, String name, @Nullable String text) throws IOException {
        if (text != null) {
            g.writeStringField(name, text);
        }
    }

    static void texts(JsonGenerator g, String name, List<String> texts) throws IOException {
        g.writeFieldName(name);
        texts(g, texts);
    }

    /** One string stands alone, as most lists have one element. */
    static void texts(JsonGenerator g, List<String> texts) throws IOException {
        if (texts.size() == 1) {
            g.writeString(texts.get(0));
            return;
        }
        g.writeStartArray();
        for (String text : texts) {
            g.writeString(text);
        }
        g.writeEndArray();
    }

    static List<String> readTexts(JsonParser p) throws IOException {
        if (p.currentToken() == JsonToken.VALUE_STRING) {
            return List.of(remembered(p.getText()));
        }
        expect(p, JsonToken.START_ARRAY);
        List<String> texts = new ArrayList<>();
        while (p.nextToken() != JsonToken.END_ARRAY) {
            texts.add(remembered(p.getText()));
        }
        return texts;
    }

    /** Microseconds since 1970 where that is exact, otherwise seconds and nanoseconds. */
    static void time(JsonGenerator g, String name, @Nullable Instant time) throws IOException {
        if (time == null) {
            return;
        }
        g.writeFieldName(name);
        long seconds = time.getEpochSecond();
        int nanos = time.getNano();
        if (nanos % 1000 == 0 && Math.abs(seconds) < 1_000_000_000_000L) {
            g.writeNumber(seconds * 1_000_000 + nanos / 1000);
        } else {
            g.writeStartArray();
            g.writeNumber(seconds);
            g.writeNumber(nanos);
            g.writeEndArray();
        }
    }

    static Instant readTime(JsonParser p) throws IOException {
        if (p.currentToken() == JsonToken.START_ARRAY) {
            p.nextToken();
            long seconds = p.getLongValue();
            p.nextToken();
            int nanos = p.getIntValue();
            p.nextToken();
            return Instant.ofEpochSecond(seconds, nanos);
        }
        long micros = p.getLongValue();
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
    }

    static void expect(JsonParser p, JsonToken token) {
        if (p.currentToken() != token) {
            throw new IllegalArgumentException("expected " + token + " in stored bytes, found " + p.currentToken());
        }
    }

    /** One object for strings that many entities share (types, units, references), as long as there are not too many of them. */
    static String remembered(String text) {
        if (text.length() > LONGEST_REMEMBERED_STRING) {
            return text;
        }
        String known = REMEMBERED.get(text);
        if (known != null) {
            return known;
        }
        if (REMEMBERED.size() < MOST_REMEMBERED_STRINGS) {
            REMEMBERED.put(text, text);
        }
        return text;
    }
}
