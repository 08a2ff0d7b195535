package de.freiraum.ingest.config;

/** MQTT topic filters. */
public final class TopicFilter {
    private TopicFilter() {}

    /** Whether a text is a topic filter. */
    public static boolean isValid(String filter) {
        if (filter.isEmpty() || filter.length() > 65535 || filter.indexOf('\0') >= 0) {
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

    /** Whether a topic is among those a filter names. */
    public static boolean matches(String filter, String topic) {
        String[] wanted = filter.split("/", -1);
        String[] levels = topic.split("/", -1);
        if (topic.startsWith("$") && (wanted[0].equals("+") || wanted[0].equals("#"))) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals("#")) {
                return true;
            }
            if (i >= levels.length || (!wanted[i].equals("+") && !wanted[i].equals(levels[i]))) {
                return false;
            }
        }
        return wanted.length == levels.length;
    }
}
