package de.freiraum.catalog.page;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Writes HTML. Every text and attribute value is escaped; elements are closed in the order in which they were opened. */
final class Html {
    private final StringBuilder out = new StringBuilder(16_384);
    private final Deque<String> open = new ArrayDeque<>();

    /** A document that is still empty. */
    Html() {
        out.append("<!doctype html>\n");
    }

    /**
     * Opens an element.
     *
     * @param attributes names and values in turn; those whose value is null are left out, those whose value is empty have none
     */
    Html open(String name, @Nullable String... attributes) {
        tag(name, attributes);
        open.push(name);
        return this;
    }

    /** Closes the element that was opened last. */
    Html close() {
        out.append("</").append(open.pop()).append(">\n");
        return this;
    }

    /** An element that has neither content nor an end tag. */
    Html empty(String name, @Nullable String... attributes) {
        tag(name, attributes);
        out.append('\n');
        return this;
    }

    /** An element with a text. */
    Html element(String name, String text, @Nullable String... attributes) {
        return open(name, attributes).text(text).close();
    }

    /** A link. */
    Html link(String text, String address) {
        return element("a", text, "href", address);
    }

    /** A text. */
    Html text(String text) {
        escape(text);
        return this;
    }

    /** JSON for machines; what could end the element is written otherwise, which means the same in JSON. */
    Html json(byte[] json) {
        out.append("<script type=\"application/ld+json\">")
                .append(new String(json, StandardCharsets.UTF_8).replace("<", "\\u003c"))
                .append("</script>\n");
        return this;
    }

    byte[] toBytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void tag(String name, @Nullable String... attributes) {
        out.append('<').append(name);
        for (int i = 0; i + 1 < attributes.length; i += 2) {
            String value = attributes[i + 1];
            if (value != null) {
                out.append(' ').append(attributes[i]);
                if (!value.isEmpty()) {
                    out.append("=\"");
                    escape(value);
                    out.append('"');
                }
            }
        }
        out.append('>');
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> out.append(c);
            }
        }
    }
}
