package de.freiraum.ingest.config;

import de.freiraum.config.ConfigException;
import de.freiraum.config.ConfigException.Problem;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The problems found so far, each once. */
final class Problems {
    private static final int MOST = 200;
    private final Set<Problem> found = new LinkedHashSet<>();
    private final Set<String> misspelt = new HashSet<>();

    void add(String path, String value, String allowed, String origin) {
        if (found.size() < MOST) {
            String clipped = value.length() <= 100 ? value : value.substring(0, 100);
            found.add(new Problem(path, clipped.replaceAll("\\p{Cntrl}", " "), allowed, origin));
        }
    }

    /** Notes that something else stands where this was meant, in a file; that it is missing is no further problem. */
    void misspelt(String file, String path) {
        misspelt.add(file + ":" + path);
    }

    boolean isMisspelt(String file, String path) {
        return misspelt.contains(file + ":" + path);
    }

    void addAll(ConfigException e) {
        e.problems().forEach(p -> add(p.path(), p.value(), p.allowed(), p.origin()));
    }

    int count() {
        return found.size();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigException(List.copyOf(found));
        }
    }
}
