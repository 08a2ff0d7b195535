package de.freiraum.representation;

import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Subscription.KeyValuePair;
import de.freiraum.model.Value;
import java.util.List;

/** Reads {@code contextSourceInfo} of registrations (clauses 4.3.6.5, 4.3.6.6 and 6.3.19). */
final class ContextSourceInfoReader {
    private static final List<String> MEDIA_TYPES = List.of("application/json", "application/ld+json");

    private ContextSourceInfoReader() {}

    /** The pairs, checked as far as their keys have a meaning of their own. */
    static Value read(String name, Value value) {
        Value pairs = KeyValuePairs.read(name, value, true);
        for (KeyValuePair pair : KeyValuePairs.stored(pairs)) {
            String key = name + "." + Members.clip(pair.key());
            Value content = Value.of(pair.value());
            switch (pair.key()) {
                case "accept", "contentType" -> Members.oneOf(key, content, MEDIA_TYPES);
                case "jsonldContext" -> Members.httpUrl(key, content);
                case "ngsildConformance" -> {
                    if (!pair.value().matches("\\d{1,3}\\.\\d{1,3}")) {
                        throw NgsiLdException.badRequest(key + " must be a version, such as 1.9");
                    }
                }
                default -> {}
            }
        }
        return pairs;
    }
}
