package de.freiraum.store.change;

import de.freiraum.model.Aggregated;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Change;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a change puts into history: an instance for each attribute instance it touched, with its id. */
public final class HistoryRecorder {
    /** Under which name the evolution of the scope is kept, as that of a Property (clause 4.5.6). */
    public static final String SCOPE = NgsiLd.NAMESPACE + "scope";

    private final String instancePrefix;

    /**
     * A recorder.
     *
     * @param storeId a name that keeps its instance ids apart from those of other recorders
     */
    public HistoryRecorder(String storeId) {
        this.instancePrefix = "urn:ngsi-ld:Instance:" + storeId + "-";
    }

    /** The instances of a change: what it touched, unless it deleted the whole entity with its history, and what it brings for history alone. */
    public List<TemporalInstance> record(Change change) {
        List<TemporalInstance> recorded = new ArrayList<>();
        if (change.origin() == Origin.SNAPSHOT) {
            return recorded;
        }
        if (!Computed.isSame(change.before(), change.after())) {
            for (Change.AttributeChange touched : change.attributeChanges()) {
                Attribute after = touched.after();
                Attribute instance = after != null
                        ? after
                        : Attribute.deletion(Objects.requireNonNull(touched.before()), change.at());
                recorded.add(identified(touched.attribute(), instance, change.sequence(), recorded.size()));
            }
            recordScope(change, recorded);
        }
        change.history()
                .forEach(late -> recorded.add(
                        identified(late.attribute(), late.instance(), change.sequence(), recorded.size())));
        return recorded;
    }

    /** Scopes have no instances of their own in the entity, so that the change is found by comparing. */
    private void recordScope(Change change, List<TemporalInstance> recorded) {
        List<String> before =
                change.before() == null ? List.of() : change.before().scopes();
        List<String> after = change.after() == null ? List.of() : change.after().scopes();
        if (before.equals(after)) {
            return;
        }
        Instant at = change.at();
        AttributeMeta meta = AttributeMeta.NONE.withObservedAt(at).withTimes(at, at, after.isEmpty() ? at : null);
        Attribute instance = new Attribute.Property(
                after.isEmpty() ? Value.of(Value.NGSI_LD_NULL) : Value.ofTexts(after),
                after.isEmpty() ? meta.withObservedAt(null) : meta);
        recorded.add(identified(SCOPE, instance, change.sequence(), recorded.size()));
    }

    private TemporalInstance identified(String attribute, Attribute instance, long tick, int number) {
        return new TemporalInstance(
                attribute,
                instance.meta().instanceId() != null
                        ? instance
                        : instance.with(instance.meta().withInstanceId(instanceId(tick, number))));
    }

    /**
     * The place of an instance: an attribute has one instance of a dataset at a point in time (clauses 4.5.5.1 and 4.5.7), beside those that stand
     * for a window that begins then.
     *
     * @param attribute IRI
     * @param datasetId URI, or null for the default instance
     * @param observedAt when it was observed
     * @param period of how long a window the instance tells, or null: of the time alone
     */
    public record Place(
            String attribute,
            @Nullable String datasetId,
            Instant observedAt,
            @Nullable String period) {
        /** The place of an instance, or null if it was not observed at any time. */
        public static @Nullable Place of(TemporalInstance instance) {
            AttributeMeta meta = instance.instance().meta();
            return meta.observedAt() == null
                    ? null
                    : new Place(
                            instance.attribute(),
                            meta.datasetId(),
                            meta.observedAt(),
                            Aggregated.periodOf(instance.instance()));
        }
    }

    /**
     * The instances as they are added to history alone: with ids and system times. What was observed at the time of an earlier instance of the
     * dataset takes its place, its id and its time of creation.
     *
     * @param there the instance at a place, or null if there is none
     */
    public List<TemporalInstance> added(
            List<TemporalInstance> instances, long tick, Function<Place, @Nullable Attribute> there) {
        Instant now = Ticks.instant(tick);
        List<TemporalInstance> added = new ArrayList<>();
        Map<Place, Attribute> taken = new HashMap<>();
        for (TemporalInstance given : instances) {
            AttributeMeta meta = given.instance().meta();
            Instant deletedAt = given.instance().isNull() && meta.deletedAt() == null
                    ? Objects.requireNonNullElse(meta.observedAt(), now)
                    : meta.deletedAt();
            Place place = Place.of(given);
            Attribute earlier = place == null ? null : taken.containsKey(place) ? taken.get(place) : there.apply(place);
            Attribute kept = given.instance()
                    .with(meta.withTimes(
                                    earlier == null
                                            ? now
                                            : Objects.requireNonNullElse(
                                                    earlier.meta().createdAt(), now),
                                    now,
                                    deletedAt)
                            .withInstanceId(
                                    earlier == null
                                            ? instanceId(tick, added.size())
                                            : Objects.requireNonNull(
                                                    earlier.meta().instanceId())));
            if (place != null) {
                taken.put(place, kept);
            }
            added.add(new TemporalInstance(given.attribute(), kept));
        }
        return added;
    }

    private String instanceId(long tick, int number) {
        return instancePrefix + Long.toString(tick, Character.MAX_RADIX) + "-" + number;
    }

    /** Where an instance stands in the order of time. */
    public static Instant place(AttributeMeta meta, Instant otherwise) {
        Instant observed = meta.observedAt();
        Instant modified = meta.modifiedAt();
        return observed != null ? observed : modified != null ? modified : otherwise;
    }
}
