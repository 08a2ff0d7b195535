package de.freiraum.config;

import java.util.Collection;
import java.util.Comparator;

/** The known name that a wrong one was most likely meant to be. */
final class Nearest {
    private Nearest() {}

    static String of(String wrong, Collection<String> known) {
        return known.stream()
                .min(Comparator.<String>comparingInt(name -> distance(wrong, name))
                        .thenComparing(name -> name))
                .orElse("");
    }

    /** Levenshtein distance, letters' case ignored. */
    private static int distance(String left, String right) {
        int[] costs = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            costs[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = costs[0];
            costs[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int same = Character.toLowerCase(left.charAt(i - 1)) == Character.toLowerCase(right.charAt(j - 1))
                        ? diagonal
                        : diagonal + 1;
                diagonal = costs[j];
                costs[j] = Math.min(same, Math.min(costs[j], costs[j - 1]) + 1);
            }
        }
        return costs[right.length()];
    }
}
