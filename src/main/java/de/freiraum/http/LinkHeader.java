package de.freiraum.http;

import de.freiraum.model.NgsiLdException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Link headers (RFC 8288) as far as NGSI-LD uses them: to name a JSON-LD @context (clause 6.3.5). */
final class LinkHeader {
    /** The relation of a JSON-LD @context. */
    static final String CONTEXT_RELATION = "http://www.w3.org/ns/json-ld#context";

    private LinkHeader() {}

    /** The header that names a @context. */
    static String ofContext(String uri) {
        return "<" + uri + ">; rel=\"" + CONTEXT_RELATION + "\"; type=\"application/ld+json\"";
    }

    /**
     * The URI of the @context that the headers name, or null.
     *
     * @throws NgsiLdException BadRequestData if they name several, or InvalidRequest if they cannot be read
     */
    static @Nullable String context(List<String> headers) {
        List<String> found = new ArrayList<>();
        for (String header : headers) {
            collect(header, found);
        }
        if (found.size() > 1) {
            throw NgsiLdException.badRequest("Link: at most one @context may be named");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private static void collect(String header, List<String> found) {
        int at = 0;
        while (at < header.length()) {
            int open = header.indexOf('<', at);
            if (open < 0) {
                if (!header.substring(at).isBlank()) {
                    throw broken();
                }
                return;
            }
            int close = header.indexOf('>', open);
            if (close < 0) {
                throw broken();
            }
            String target = header.substring(open + 1, close).strip();
            int end = endOfLink(header, close + 1);
            if (isContext(header.substring(close + 1, end))) {
                if (target.isEmpty()) {
                    throw broken();
                }
                found.add(target);
            }
            at = end + 1;
        }
    }

    /** The comma after the link's parameters, or the end; commas in quotes do not count. */
    private static int endOfLink(String header, int from) {
        boolean quoted = false;
        for (int i = from; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return header.length();
    }

    private static boolean isContext(String parameters) {
        for (String parameter : parameters.split(";")) {
            int equals = parameter.indexOf('=');
            if (equals > 0
                    && parameter
                            .substring(0, equals)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals("rel")) {
                String value = parameter.substring(equals + 1).strip();
                if (value.startsWith("\"") && value.endsWith("\"") && value.length() > 1) {
                    value = value.substring(1, value.length() - 1);
                }
                return List.of(value.split(" ")).contains(CONTEXT_RELATION);
            }
        }
        return false;
    }

    private static NgsiLdException broken() {
        return NgsiLdException.invalid(
                "Link: expected <URI>; rel=\"" + CONTEXT_RELATION + "\"; type=\"application/ld+json\"");
    }
}
