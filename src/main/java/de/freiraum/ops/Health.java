package de.freiraum.ops;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Whether the process works (live) and whether it should get requests (ready). Checks are cheap and never wait: they read what somebody
 * else found out.
 */
public final class Health {
    private final Map<String, Supplier<Optional<String>>> live = new ConcurrentHashMap<>();
    private final Map<String, Supplier<Optional<String>>> ready = new ConcurrentHashMap<>();

    private final List<Supplier<Map<String, String>>> told = new CopyOnWriteArrayList<>();

    /**
     * Adds a check whose failure means that only a restart helps.
     *
     * @param check gives the reason while it fails
     */
    public void addLive(String name, Supplier<Optional<String>> check) {
        live.put(name, check);
    }

    /**
     * Adds a check whose failure means that requests should go elsewhere for now.
     *
     * @param check gives the reason while it fails
     */
    public void addReady(String name, Supplier<Optional<String>> check) {
        ready.put(name, check);
    }

    /** Why the process does not work, by check; empty if it does. */
    public Map<String, String> notLive() {
        return failing(live);
    }

    /** Why the process should get no requests, by check; empty if it should. */
    public Map<String, String> notReady() {
        Map<String, String> reasons = failing(live);
        reasons.putAll(failing(ready));
        return reasons;
    }

    /**
     * Adds what does not work though the process does, such as a source that cannot be reached; operators shall know, and requests may come.
     *
     * @param notices gives the reasons by name; empty while all is well
     */
    public void addNotices(Supplier<Map<String, String>> notices) {
        told.add(notices);
    }

    /** What does not work though the process does, by name. */
    public Map<String, String> notices() {
        Map<String, String> reasons = new TreeMap<>();
        told.forEach(notices -> reasons.putAll(notices.get()));
        return reasons;
    }

    private static Map<String, String> failing(Map<String, Supplier<Optional<String>>> checks) {
        Map<String, String> reasons = new TreeMap<>();
        checks.forEach((name, check) -> check.get().ifPresent(reason -> reasons.put(name, reason)));
        return reasons;
    }
}
