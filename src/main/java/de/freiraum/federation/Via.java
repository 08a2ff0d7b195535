package de.freiraum.federation;

import java.util.ArrayList;
import java.util.List;

/**
 * The brokers that a request has passed, as its Via header lists them (RFC 7230, section 5.7.1; clause 6.3.18).
 *
 * @param entries one entry for each, as it was sent
 */
public record Via(List<String> entries) {
    private static final int MAX_ENTRIES = 64;

    /** Copies the list. */
    public Via {
        entries = List.copyOf(entries);
    }

    /** Reads the values of Via headers. */
    public static Via parse(List<String> headers) {
        List<String> entries = new ArrayList<>();
        for (String header : headers) {
            for (String entry : header.split(",")) {
                if (!entry.isBlank()) {
                    entries.add(entry.strip());
                }
            }
        }
        return new Via(entries);
    }

    /** Whether a broker of this pseudonym has passed it on. */
    public boolean contains(String alias) {
        return entries.stream().anyMatch(entry -> alias.equals(pseudonym(entry)));
    }

    /** Whether it was passed on so often that something must be wrong. */
    public boolean isTooLong() {
        return entries.size() >= MAX_ENTRIES;
    }

    /** The header's value after a broker more has passed it on. */
    public String with(String alias) {
        List<String> all = new ArrayList<>(entries);
        all.add("1.1 " + alias);
        return String.join(", ", all);
    }

    /** The second word: a protocol comes before it, a comment may come behind. */
    private static String pseudonym(String entry) {
        String[] words = entry.split("\\s+", 3);
        return words.length < 2 ? entry : words[1];
    }
}
