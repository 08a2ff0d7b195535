package de.freiraum.ingest.config;

import de.freiraum.config.ConfigException;
import de.freiraum.config.ConfigException.Problem;
import java.util.ArrayList;
import java.util.List;

/** The problems found so far. */
final class Problems {
    private static final int MOST = 200;
    private final List<Problem> found = new ArrayList<>();

    void add(String path, String value, String allowed, String origin) {
        if (found.size() < MOST) {
            String clipped = value.length() <= 100 ? value : value.substring(0, 100);
            found.add(new Problem(path, clipped.replaceAll("\\p{Cntrl}", " "), allowed, origin));
        }
    }

    void addAll(ConfigException e) {
        e.problems().forEach(p -> add(p.path(), p.value(), p.allowed(), p.origin()));
    }

    int count() {
        return found.size();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigException(found);
        }
    }
}
