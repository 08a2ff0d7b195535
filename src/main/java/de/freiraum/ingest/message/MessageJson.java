package de.freiraum.ingest.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.freiraum.model.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the JSON of a message. */
public final class MessageJson {
    private static final JsonMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(32).build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private MessageJson() {}

    /** The value of a JSON document; broken JSON is a broken message, with its line and column. */
    public static Value read(byte[] bytes) {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            if (node == null || node.isMissingNode()) {
                throw Rejection.broken("the message is empty");
            }
            return value(node);
        } catch (JsonProcessingException e) {
            throw Rejection.broken("the message is no valid JSON: " + Rejection.clip(e.getOriginalMessage()));
        } catch (IOException e) {
            throw Rejection.broken("the message is no valid JSON");
        }
    }

    private static Value value(JsonNode node) {
        if (node.isObject()) {
            Map<String, Value> members = new LinkedHashMap<>();
            node.properties().forEach(e -> members.put(e.getKey(), value(e.getValue())));
            return new Value.Obj(members);
        }
        if (node.isArray()) {
            List<Value> items = new ArrayList<>(node.size());
            node.forEach(item -> items.add(value(item)));
            return new Value.Array(items);
        }
        if (node.isTextual()) {
            return Value.of(node.textValue());
        }
        if (node.isBoolean()) {
            return Value.of(node.booleanValue());
        }
        if (node.isIntegralNumber()) {
            return node.canConvertToLong() ? Value.of(node.longValue()) : new Value.Num(node.bigIntegerValue());
        }
        if (node.isNumber()) {
            return Double.isFinite(node.doubleValue())
                    ? Value.of(node.doubleValue())
                    : new Value.Num(node.decimalValue());
        }
        return Value.Null.INSTANCE;
    }
}
