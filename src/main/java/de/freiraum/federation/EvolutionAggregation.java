package de.freiraum.federation;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.query.TimeProperty;
import de.freiraum.registration.Mode;
import de.freiraum.representation.TemporalWriter.Evolution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one evolution of those at several places (clauses 4.5.5, 5.7.3.4 and 5.7.4.4): all their instances in order of time; of several in one
 * dataset at one time the one that was modified last. Auxiliary sources add instances of times at which nobody else has one.
 */
final class EvolutionAggregation {

    /**
     * An evolution as it is at one place.
     *
     * @param mode of the registration it comes by; null: the broker's own
     * @param evolution what is at that place
     */
    record Version(@Nullable Mode mode, Evolution evolution) {}

    /** What makes two instances of an attribute the same. */
    private record Key(@Nullable String datasetId, Object time) {}

    private final TimeProperty time;
    private final Precedence precedence;

    EvolutionAggregation(TimeProperty time, Precedence precedence) {
        this.time = time;
        this.precedence = precedence;
    }

    /** The evolution of the versions of one entity, of which there is at least one. Earlier versions win where nothing else decides. */
    Evolution of(List<Version> versions) {
        Map<String, Map<Key, Attribute>> merged = new LinkedHashMap<>();
        for (boolean auxiliary : new boolean[] {false, true}) {
            for (Version version : versions) {
                if ((version.mode() == Mode.auxiliary) == auxiliary) {
                    add(merged, version, auxiliary);
                }
            }
        }
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        merged.forEach((iri, instances) -> attributes.put(iri, inOrder(instances.values())));
        Evolution first = versions.get(0).evolution();
        Set<String> types = new LinkedHashSet<>();
        versions.forEach(v -> types.addAll(v.evolution().types()));
        Instant createdAt = first.createdAt();
        Instant modifiedAt = first.modifiedAt();
        for (Version version : versions) {
            createdAt = EntityAggregation.earlier(createdAt, version.evolution().createdAt());
            modifiedAt = EntityAggregation.later(modifiedAt, version.evolution().modifiedAt());
        }
        boolean gone = versions.stream().allMatch(v -> v.evolution().deletedAt() != null);
        return new Evolution(
                first.id(), List.copyOf(types), attributes, createdAt, modifiedAt, gone ? first.deletedAt() : null);
    }

    private void add(Map<String, Map<Key, Attribute>> merged, Version version, boolean auxiliary) {
        version.evolution().attributes().forEach((iri, instances) -> {
            if (!precedence.counts(version.mode(), iri)) {
                return;
            }
            Map<Key, Attribute> there = merged.computeIfAbsent(iri, i -> new LinkedHashMap<>());
            for (Attribute instance : instances) {
                Key key = key(instance.meta());
                if (!auxiliary) {
                    there.merge(key, instance, EvolutionAggregation::newer);
                } else {
                    there.putIfAbsent(key, instance);
                }
            }
        });
        merged.values().removeIf(Map::isEmpty);
    }

    private Key key(AttributeMeta meta) {
        Instant at = time.of(meta) == null ? meta.observedAt() : time.of(meta);
        Object when = at != null ? at : meta.instanceId() != null ? meta.instanceId() : new Object();
        return new Key(meta.datasetId(), when);
    }

    private static Attribute newer(Attribute a, Attribute b) {
        Instant first = a.meta().modifiedAt();
        Instant second = b.meta().modifiedAt();
        return second != null && (first == null || second.isAfter(first)) ? b : a;
    }

    private List<Attribute> inOrder(Collection<Attribute> instances) {
        List<Attribute> sorted = new ArrayList<>(instances);
        sorted.sort(Comparator.comparing(a -> at(a.meta())));
        return sorted;
    }

    private Instant at(AttributeMeta meta) {
        Instant at = time.of(meta);
        return at != null ? at : Objects.requireNonNullElse(meta.modifiedAt(), Instant.EPOCH);
    }
}
