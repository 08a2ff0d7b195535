package de.freiraum.notify;

import java.util.TreeMap;

/** The numbers of changes with which something is not done, as often as there is something. Thread-safe. */
final class Undone {
    /** The number of a change that nobody asks for. */
    static final long NO_NUMBER = 0;

    private final TreeMap<Long, Integer> numbers = new TreeMap<>();

    /** There is something more to do about a change. */
    void begin(long number) {
        if (number != NO_NUMBER) {
            synchronized (numbers) {
                numbers.merge(number, 1, Integer::sum);
            }
        }
    }

    /** One thing less. What follows from it must have begun before. */
    void end(long number) {
        if (number != NO_NUMBER) {
            synchronized (numbers) {
                numbers.computeIfPresent(number, (n, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    /** The lowest number; the largest number there is when all is done. */
    long first() {
        synchronized (numbers) {
            return numbers.isEmpty() ? Long.MAX_VALUE : numbers.firstKey();
        }
    }
}
