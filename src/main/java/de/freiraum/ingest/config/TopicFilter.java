package de.freiraum.ingest.config;

import java.nio.charset.StandardCharsets;

/** MQTT topic filters (MQTT 5.0, 4.7 and 4.8). */
public final class TopicFilter {
    private static final int MOST_BYTES = 65_535;
    private static final String SHARED = "$share/";

    private TopicFilter() {}

    /** Whether a text is a topic filter, shared or not. */
    public static boolean isValid(String filter) {
        if (filter.length() > MOST_BYTES
                || filter.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES
                || filter.indexOf('\0') >= 0) {
            return false;
        }
        if (!filter.equals("$share") && !isShared(filter)) {
            return isPlain(filter);
        }
        String[] parts = filter.split("/", 3);
        return parts.length == 3
                && !parts[1].isEmpty()
                && !parts[1].contains("+")
                && !parts[1].contains("#")
                && isPlain(parts[2]);
    }

    /** Whether subscribers of this filter share its messages: {@code $share/GROUP/FILTER}. */
    public static boolean isShared(String filter) {
        return filter.startsWith(SHARED);
    }

    private static boolean isPlain(String filter) {
        if (filter.isEmpty()) {
            return false;
        }
        String[] levels = filter.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            String level = levels[i];
            if (level.length() > 1 && (level.contains("+") || level.contains("#"))) {
                return false;
            }
            if (level.equals("#") && i < levels.length - 1) {
                return false;
            }
        }
        return true;
    }

    /** Whether a topic is among those that a valid filter, not a shared one, names. */
    public static boolean matches(String filter, String topic) {
        if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) {
            return false;
        }
        int at = 0;
        int i = 0;
        while (i < filter.length()) {
            char wanted = filter.charAt(i);
            if (wanted == '#') {
                return true;
            }
            if (wanted == '+') {
                int end = topic.indexOf('/', at);
                at = end < 0 ? topic.length() : end;
            } else if (at < topic.length() && topic.charAt(at) == wanted) {
                at++;
            } else {
                // "a/#" names "a" too.
                return at == topic.length() && filter.startsWith("/#", i);
            }
            i++;
        }
        return at == topic.length();
    }
}
