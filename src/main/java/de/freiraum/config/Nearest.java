package de.freiraum.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name that a wrong one was most likely meant to be. */
public final class Nearest {
    private Nearest() {}

    /** The nearest of them, however far; empty if there are none. */
    static String of(String wrong, Collection<String> known) {
        return known.stream()
                .min(Comparator.<String>comparingInt(name -> distance(wrong, name))
                        .thenComparing(name -> name))
                .orElse("");
    }

    /** The nearest of them if at most two letters, or a third of them, differ. */
    public static Optional<String> within(String wrong, Collection<String> known) {
        String near = of(wrong, known);
        int distance = distance(wrong, near);
        return distance < near.length() && distance <= Math.max(2, near.length() / 3)
                ? Optional.of(near)
                : Optional.empty();
    }

    /** How many letters are wrong, missing, too many or exchanged with their neighbour; their case is ignored. */
    private static int distance(String first, String second) {
        String left = first.toLowerCase(Locale.ROOT);
        String right = second.toLowerCase(Locale.ROOT);
        int[][] costs = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                costs[i][j] = i == 0 || j == 0 ? i + j : cost(costs, left, right, i, j);
            }
        }
        return costs[left.length()][right.length()];
    }

    private static int cost(int[][] costs, String left, String right, int i, int j) {
        boolean same = left.charAt(i - 1) == right.charAt(j - 1);
        int least = Math.min(costs[i - 1][j - 1] + (same ? 0 : 1), Math.min(costs[i - 1][j], costs[i][j - 1]) + 1);
        boolean exchanged = i > 1
                && j > 1
                && left.charAt(i - 1) == right.charAt(j - 2)
                && left.charAt(i - 2) == right.charAt(j - 1);
        return exchanged ? Math.min(least, costs[i - 2][j - 2] + 1) : least;
    }
}
