package de.freiraum.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; carries every problem found, not only the first. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The exit code of a process that refuses its configuration ({@code EX_CONFIG} of sysexits). */
    public static final int EXIT_CODE = 78;

    private final transient List<Problem> problems;

    /** One or more problems. */
    public ConfigException(List<Problem> problems) {
        super(
                problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())),
                null,
                false,
                false);
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order of the file. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One problem.
     *
     * @param path where, such as {@code http.port} or {@code sources[2].topic}; empty for the whole
     * @param value what was found, at most 100 characters, or empty; never a secret
     * @param allowed what is allowed instead
     * @param origin where it came from: {@code file:line}, a variable, a flag, or {@code default}
     */
    public record Problem(String path, String value, String allowed, String origin) {
        @Override
        public String toString() {
            return (path.isEmpty() ? "configuration" : path)
                    + (value.isEmpty() ? "" : ": " + value)
                    + " — "
                    + allowed
                    + " ("
                    + origin
                    + ")";
        }
    }
}
