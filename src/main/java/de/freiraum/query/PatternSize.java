package de.freiraum.query;

import java.util.ArrayDeque;
import java.util.Deque;

/** How large a regular expression becomes when its counted repetitions are written out, which is what matching costs for each character. */
final class PatternSize {
    private static final long LARGEST = Integer.MAX_VALUE;

    private PatternSize() {}

    /** An upper bound, about the number of characters; of something that is no regular expression anything. */
    static long of(String source) {
        Deque<Long> outer = new ArrayDeque<>();
        long sum = 0;
        long last = 0;
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '(') {
                outer.push(sum);
                sum = 0;
                last = 0;
            } else if (c == ')' && !outer.isEmpty()) {
                last = sum + 2;
                sum = outer.pop() + last;
            } else if (c == '{') {
                int end = source.indexOf('}', i);
                long times = end < 0 ? 1 : largest(source.substring(i + 1, end));
                sum = Math.min(LARGEST, sum + last * Math.max(0, times - 1));
                last = Math.min(LARGEST, last * times);
                i = end < 0 ? i : end;
            } else {
                i += c == '\\' ? 1 : 0;
                last = 1;
                sum++;
            }
        }
        while (!outer.isEmpty()) {
            sum += outer.pop();
        }
        return Math.min(LARGEST, sum);
    }

    /** The larger of the numbers of {@code n}, {@code n,} or {@code n,m}. */
    private static long largest(String counts) {
        long largest = 1;
        for (String count : counts.split(",", -1)) {
            if (count.length() <= 6 && count.chars().allMatch(Character::isDigit) && !count.isEmpty()) {
                largest = Math.max(largest, Long.parseLong(count));
            }
        }
        return largest;
    }
}
