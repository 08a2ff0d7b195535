package de.freiraum.aggregate.footfall;

import de.freiraum.aggregate.work.EntityKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which device counts for which counter, and which counter stands at which site, as last committed. Thread-safe. */
final class CounterIndex {
    private final Map<EntityKey, Assignment> devices = new HashMap<>();
    private final Map<EntityKey, Map<String, Set<String>>> counters = new HashMap<>();
    private final Map<EntityKey, String> sites = new HashMap<>();
    private final Map<EntityKey, Set<String>> countersOfSite = new HashMap<>();
    private @Nullable Set<EntityKey> touched;
    private long removals;

    /**
     * What a device counts.
     *
     * @param counter URI of the counter
     * @param lines the device's lines, each its dataset or empty
     */
    record Assignment(String counter, Set<String> lines) {}

    /** Takes up a committed assignment, or null if the device counts for none. @return the one before, or null */
    synchronized @Nullable Assignment putDevice(EntityKey device, @Nullable Assignment assignment) {
        touch(device);
        return replaceDevice(device, assignment);
    }

    /** Takes up an assignment that was read, unless a committed one came since {@link #beginScan}. */
    synchronized void putScannedDevice(EntityKey device, @Nullable Assignment assignment) {
        if (!isTouched(device)) {
            replaceDevice(device, assignment);
        }
    }

    /** Takes up a counter's committed site, or null if it has none. @return the one before, or null */
    synchronized @Nullable String putSite(EntityKey counter, @Nullable String site) {
        touch(counter);
        return replaceSite(counter, site);
    }

    /** Takes up a site that was read, unless a committed one came since {@link #beginScan}. */
    synchronized void putScannedSite(EntityKey counter, @Nullable String site) {
        if (!isTouched(counter)) {
            replaceSite(counter, site);
        }
    }

    /** From now on committed states win over those read. */
    synchronized void beginScan() {
        touched = new HashSet<>();
    }

    /** All is read. */
    synchronized void endScan() {
        touched = null;
    }

    /** How many devices and counters were taken away so far. */
    synchronized long removals() {
        return removals;
    }

    /** The devices of a counter with their lines. */
    synchronized Map<String, Set<String>> devicesOf(EntityKey counter) {
        return new LinkedHashMap<>(counters.getOrDefault(counter, Map.of()));
    }

    /** The site of a counter, or null. */
    synchronized @Nullable EntityKey siteOf(EntityKey counter) {
        String site = sites.get(counter);
        return site == null ? null : new EntityKey(counter.tenant(), site);
    }

    /** The counters of a site that any device counts for. */
    synchronized Set<String> countersOf(EntityKey site) {
        Set<String> counting = new LinkedHashSet<>(countersOfSite.getOrDefault(site, Set.of()));
        counting.removeIf(counter -> !counters.containsKey(new EntityKey(site.tenant(), counter)));
        return counting;
    }

    /** All counters that any device counts for. */
    synchronized Set<EntityKey> counters() {
        return new LinkedHashSet<>(counters.keySet());
    }

    /** All sites of counters. */
    synchronized Set<EntityKey> sites() {
        return new LinkedHashSet<>(countersOfSite.keySet());
    }

    private void touch(EntityKey key) {
        if (touched != null) {
            touched.add(key);
        }
    }

    private boolean isTouched(EntityKey key) {
        return touched != null && touched.contains(key);
    }

    private @Nullable Assignment replaceDevice(EntityKey device, @Nullable Assignment assignment) {
        Assignment before = assignment == null ? devices.remove(device) : devices.put(device, assignment);
        if (before != null) {
            EntityKey counter = new EntityKey(device.tenant(), before.counter());
            Map<String, Set<String>> there = counters.get(counter);
            if (there != null && there.remove(device.id()) != null && there.isEmpty()) {
                counters.remove(counter);
            }
        }
        if (assignment != null) {
            counters.computeIfAbsent(new EntityKey(device.tenant(), assignment.counter()), c -> new LinkedHashMap<>())
                    .put(device.id(), assignment.lines());
        } else if (before != null) {
            removals++;
        }
        return before;
    }

    private @Nullable String replaceSite(EntityKey counter, @Nullable String site) {
        String before = site == null ? sites.remove(counter) : sites.put(counter, site);
        if (before != null) {
            EntityKey key = new EntityKey(counter.tenant(), before);
            Set<String> there = countersOfSite.get(key);
            if (there != null && there.remove(counter.id()) && there.isEmpty()) {
                countersOfSite.remove(key);
            }
        }
        if (site != null) {
            countersOfSite
                    .computeIfAbsent(new EntityKey(counter.tenant(), site), s -> new LinkedHashSet<>())
                    .add(counter.id());
        } else if (before != null) {
            removals++;
        }
        return before;
    }
}
