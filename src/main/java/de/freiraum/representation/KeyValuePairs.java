package de.freiraum.representation;

import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Subscription.KeyValuePair;
import de.freiraum.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads arrays of KeyValuePair (clause 5.2.22). */
final class KeyValuePairs {
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]{0,8192}");
    private static final int MAX_PAIRS = 64;

    private KeyValuePairs() {}

    /** The pairs, checked, without other members; names and values of HTTP headers where {@code headers} says so. */
    static Value read(String name, Value value, boolean headers) {
        List<Value> items = Members.array(name, value);
        if (items.size() > MAX_PAIRS) {
            throw NgsiLdException.badRequest(name + " has at most " + MAX_PAIRS + " items");
        }
        List<Value> pairs = new ArrayList<>();
        for (Value item : items) {
            Value.Obj pair = Members.object(name + "[]", item);
            String key = Members.nonEmpty(name + "[].key", Members.required(name + "[].key", pair.get("key")));
            String content = Members.text(name + "[].value", Members.required(name + "[].value", pair.get("value")));
            if (headers
                    && !(HEADER_NAME.matcher(key).matches()
                            && HEADER_VALUE.matcher(content).matches())) {
                throw NgsiLdException.badRequest(name + " must hold names and values of HTTP headers (RFC 7230)");
            }
            Map<String, Value> members = new LinkedHashMap<>();
            members.put("key", Value.of(key));
            members.put("value", Value.of(content));
            pairs.add(new Value.Obj(members));
        }
        return new Value.Array(pairs);
    }

    /** The pairs of a document made by {@link #read}. */
    static List<KeyValuePair> stored(@Nullable Value value) {
        List<KeyValuePair> pairs = new ArrayList<>();
        if (value instanceof Value.Array array) {
            for (Value item : array.items()) {
                if (item instanceof Value.Obj pair
                        && pair.get("key") instanceof Value.Text key
                        && pair.get("value") instanceof Value.Text content) {
                    pairs.add(new KeyValuePair(key.text(), content.text()));
                }
            }
        }
        return pairs;
    }
}
