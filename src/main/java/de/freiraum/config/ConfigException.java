package de.freiraum.config;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The configuration cannot be used; carries every problem found, not only the first. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The exit code of a process that refuses its configuration ({@code EX_CONFIG} of sysexits). */
    public static final int EXIT_CODE = 78;

    private static final Pattern PLACE = Pattern.compile("(.*?):(\\d{1,9}):(\\d{1,9})");
    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(Problem::file)
            .thenComparingInt(problem -> problem.number(2))
            .thenComparingInt(problem -> problem.number(3));

    private final transient List<Problem> problems;

    /** One or more problems. */
    public ConfigException(List<Problem> problems) {
        super(
                problems.stream()
                        .sorted(BY_PLACE)
                        .map(Problem::toString)
                        .collect(Collectors.joining(System.lineSeparator())),
                null,
                false,
                false);
        this.problems = problems.stream().sorted(BY_PLACE).toList();
    }

    /** What is wrong, by file, in the order of each. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One problem.
     *
     * @param path where, such as {@code http.port} or {@code sources[2].topic}; empty for the whole
     * @param value what was found, at most 100 characters, or empty; never a secret
     * @param allowed what is allowed instead
     * @param origin where it came from: {@code file:line:column}, both counted from 1, a variable, a flag, or {@code default}
     */
    public record Problem(String path, String value, String allowed, String origin) {
        private String file() {
            Matcher place = PLACE.matcher(origin);
            return place.matches() ? place.group(1) : origin;
        }

        private int number(int group) {
            Matcher place = PLACE.matcher(origin);
            return place.matches() ? Integer.parseInt(place.group(group)) : 0;
        }

        @Override
        public String toString() {
            String where = path + (path.isEmpty() || value.isEmpty() ? "" : ": ") + value;
            return origin + ": " + where + (where.isEmpty() ? "" : " — ") + allowed;
        }
    }
}
