package de.freiraum.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Strict JSON (RFC 8259) to {@link Value}. Refused are duplicate member names, NaN and infinities, comments, anything after the value,
 * empty input, nesting beyond {@value #MAX_DEPTH} levels, numbers of more than {@value #MAX_NUMBER_LENGTH} characters or beyond
 * 10<sup>±{@value #MAX_EXPONENT}</sup>, and input beyond a size.
 */
public final class JsonReader {
    /** Levels of objects and arrays that input may nest. */
    public static final int MAX_DEPTH = 32;

    /** Bytes that {@link #read(byte[])} takes. */
    public static final int MAX_BYTES = 64 * 1024 * 1024;

    /** Characters of one number. */
    public static final int MAX_NUMBER_LENGTH = 200;

    /** Decimal exponent up to which numbers are taken. */
    public static final int MAX_EXPONENT = 400;

    private static final int MAX_NAME_LENGTH = 4096;
    /** Every decimal of at most this many digits survives the way through a double. */
    private static final int EXACT_DIGITS = 15;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxStringLength(MAX_BYTES)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .build())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private JsonReader() {}

    /**
     * Reads one JSON value of at most {@value #MAX_BYTES} bytes.
     *
     * @throws NgsiLdException InvalidRequest with line and column
     */
    public static Value read(byte[] json) {
        return read(json, MAX_BYTES);
    }

    /**
     * Reads one JSON value.
     *
     * @param json UTF-8
     * @param maxBytes how long the input may be
     * @throws NgsiLdException InvalidRequest with line and column; PayloadTooLarge for input that is too long
     */
    public static Value read(byte[] json, int maxBytes) {
        if (json.length > maxBytes) {
            throw new NgsiLdException(
                    ErrorType.PayloadTooLarge, "the JSON has " + json.length + " bytes; allowed are " + maxBytes);
        }
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() == null) {
                throw NgsiLdException.invalid("the body is empty; expected is a JSON value");
            }
            Value value = value(parser);
            if (parser.nextToken() != null) {
                throw at("only one JSON value is allowed; found more after its end", parser.currentTokenLocation());
            }
            return value;
        } catch (JsonProcessingException e) {
            throw at(clip(e.getOriginalMessage()), e.getLocation());
        } catch (IOException | IllegalStateException e) {
            throw NgsiLdException.invalid("the body is no valid JSON: " + clip(e.getMessage()));
        }
    }

    private static Value value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new Value.Text(parser.getText());
            case VALUE_NUMBER_INT -> new Value.Num(whole(parser));
            case VALUE_NUMBER_FLOAT -> new Value.Num(decimal(parser));
            case VALUE_TRUE -> Value.Bool.TRUE;
            case VALUE_FALSE -> Value.Bool.FALSE;
            case VALUE_NULL -> Value.Null.INSTANCE;
            default -> throw at("a JSON value is expected", parser.currentTokenLocation());
        };
    }

    private static Value object(JsonParser parser) throws IOException {
        Map<String, Value> members = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonLocation where = parser.currentTokenLocation();
            parser.nextToken();
            if (members.put(name, value(parser)) != null) {
                throw at("the member \"" + clip(name) + "\" occurs twice in one object", where);
            }
        }
        return new Value.Obj(members);
    }

    private static Value array(JsonParser parser) throws IOException {
        List<Value> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return new Value.Array(items);
    }

    private static Number whole(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            default -> new BigInteger(parser.getText());
        };
    }

    private static Number decimal(JsonParser parser) throws IOException {
        char[] text = parser.getTextCharacters();
        int start = parser.getTextOffset();
        int length = parser.getTextLength();
        boolean exponent = false;
        for (int i = start; i < start + length; i++) {
            exponent |= text[i] == 'e' || text[i] == 'E';
        }
        if (!exponent && length <= EXACT_DIGITS + 1) {
            return parser.getDoubleValue();
        }
        BigDecimal exact = exact(parser);
        double nearest = exact.doubleValue();
        return Double.isFinite(nearest) && new BigDecimal(Double.toString(nearest)).compareTo(exact) == 0
                ? (Number) nearest
                : exact;
    }

    private static BigDecimal exact(JsonParser parser) throws IOException {
        BigDecimal exact = null;
        try {
            exact = new BigDecimal(parser.getText());
        } catch (NumberFormatException e) {
            // the exponent does not even fit an int; refused below
        }
        if (exact == null || Math.abs((long) exact.precision() - exact.scale()) > MAX_EXPONENT) {
            throw at("the number is beyond 1e" + MAX_EXPONENT, parser.currentTokenLocation());
        }
        return exact;
    }

    private static NgsiLdException at(String what, @Nullable JsonLocation where) {
        return NgsiLdException.invalid("the body is no valid JSON: " + what
                + (where == null ? "" : " (line " + where.getLineNr() + ", column " + where.getColumnNr() + ")"));
    }

    private static String clip(@Nullable String text) {
        if (text == null) {
            return "unreadable";
        }
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= 100 ? line : line.substring(0, 100);
    }
}
