package de.freiraum.store.embedded;

import de.freiraum.json.ModelCodec;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.query.TimeProperty;
import de.freiraum.store.TemporalStore.Range;
import de.freiraum.store.change.Ticks;
import de.freiraum.store.embedded.Engine.Column;
import de.freiraum.store.embedded.Engine.Cursor;
import de.freiraum.store.embedded.Engine.Step;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a change puts into history, and how history is read. */
final class Histories {
    /** Under which name the evolution of the scope is kept, as that of a Property (clause 4.5.6). */
    static final String SCOPE = NgsiLd.NAMESPACE + "scope";

    private static final int PARTS_OF_GROUP = 4;

    private final String instancePrefix;
    private final boolean deleteWithEntity;

    /**
     * The history of one store.
     *
     * @param storeId a name of the store that keeps its instance ids apart from those of other stores
     */
    Histories(String storeId, boolean deleteWithEntity) {
        this.instancePrefix = "urn:ngsi-ld:Instance:" + storeId + "-";
        this.deleteWithEntity = deleteWithEntity;
    }

    /** Adds the steps of a change: each touched instance, and what the change brings for history alone. */
    void record(Change change, List<Step> steps) {
        if (change.origin() == Origin.SNAPSHOT) {
            return;
        }
        Recorder recorder = new Recorder(change, steps);
        if (change.after() == null && change.before() != null && deleteWithEntity) {
            byte[] all = Keys.of(change.tenant().partition(), change.entityId());
            steps.add(Step.deleteRange(Column.HISTORY, all, Keys.behind(all)));
        } else if (!same(change.before(), change.after())) {
            for (Change.AttributeChange touched : change.attributeChanges()) {
                Attribute after = touched.after();
                recorder.add(
                        touched.attribute(),
                        after != null
                                ? after
                                : Attribute.deletion(Objects.requireNonNull(touched.before()), change.at()));
            }
            recordScope(change, recorder);
        }
        change.history().forEach(instance -> recorder.add(instance.attribute(), instance.instance()));
    }

    /** Scopes have no instances of their own in the entity, so that the change is found by comparing. */
    private static void recordScope(Change change, Recorder recorder) {
        List<String> before =
                change.before() == null ? List.of() : change.before().scopes();
        List<String> after = change.after() == null ? List.of() : change.after().scopes();
        if (before.equals(after)) {
            return;
        }
        Instant at = change.at();
        AttributeMeta meta = AttributeMeta.NONE.withObservedAt(at).withTimes(at, at, after.isEmpty() ? at : null);
        recorder.add(
                SCOPE,
                new Attribute.Property(
                        after.isEmpty() ? Value.of(Value.NGSI_LD_NULL) : Value.ofTexts(after),
                        after.isEmpty() ? meta.withObservedAt(null) : meta));
    }

    /**
     * Adds the steps of instances that are added to history alone; they get ids and system times. What was observed at the time of an
     * earlier instance of the dataset takes its place.
     */
    void add(
            Engine engine,
            Tenant tenant,
            String entityId,
            List<TemporalInstance> instances,
            long tick,
            List<Step> steps) {
        Instant now = Ticks.instant(tick);
        Map<ByteBuffer, Attribute> added = new HashMap<>();
        int count = 0;
        try (Cursor cursor = engine.cursor(Column.HISTORY)) {
            for (TemporalInstance given : instances) {
                AttributeMeta meta = given.instance().meta();
                Instant deletedAt = given.instance().isNull() && meta.deletedAt() == null
                        ? Objects.requireNonNullElse(meta.observedAt(), now)
                        : meta.deletedAt();
                String id = instancePrefix + Long.toString(tick, Character.MAX_RADIX) + "-" + count++;
                Instant createdAt = now;
                ByteBuffer place = null;
                if (meta.observedAt() != null) {
                    byte[] time = Keys.atTime(
                            group(tenant, entityId, given.attribute(), meta.datasetId()), meta.observedAt());
                    place = ByteBuffer.wrap(time);
                    Attribute there = added.containsKey(place) ? added.get(place) : observedThere(cursor, time);
                    if (there != null) {
                        id = Objects.requireNonNull(there.meta().instanceId());
                        createdAt = Objects.requireNonNullElse(there.meta().createdAt(), now);
                    }
                }
                Attribute kept = given.instance()
                        .with(meta.withTimes(createdAt, now, deletedAt).withInstanceId(id));
                if (place != null) {
                    added.put(place, kept);
                }
                put(tenant, entityId, given.attribute(), kept, now, steps);
            }
        }
    }

    /** The last of the instances that were observed at the time of a key. */
    private static @Nullable Attribute observedThere(Cursor cursor, byte[] time) {
        Attribute last = null;
        for (cursor.seek(time); cursor.valid() && Keys.startsWith(cursor.key(), time); cursor.next()) {
            Attribute instance = ModelCodec.decodeInstance(cursor.value()).instance();
            if (instance.meta().observedAt() != null) {
                last = instance;
            }
        }
        return last;
    }

    /** The first part of the keys of all instances of one dataset. */
    static byte[] group(Tenant tenant, String entityId, String attribute, @Nullable String datasetId) {
        return Keys.of(tenant.partition(), entityId, attribute, datasetId == null ? "" : datasetId);
    }

    /** Adds the step that writes one instance, which has its id. */
    static void put(
            Tenant tenant, String entityId, String attribute, Attribute instance, Instant now, List<Step> steps) {
        AttributeMeta meta = instance.meta();
        steps.add(Step.put(
                Column.HISTORY,
                Keys.instance(
                        tenant.partition(),
                        entityId,
                        attribute,
                        meta.datasetId(),
                        place(meta, now),
                        Objects.requireNonNull(meta.instanceId())),
                ModelCodec.encode(new TemporalInstance(attribute, instance))));
    }

    /** An instance where it is. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Placed(byte[] key, Attribute instance) {}

    /** One instance of an attribute, found by the keys alone, or null if there is none of this id. */
    static @Nullable Placed find(Engine engine, Tenant tenant, String entityId, String attribute, String instanceId) {
        byte[] prefix = Keys.of(tenant.partition(), entityId, attribute);
        byte[] id = instanceId.getBytes(StandardCharsets.UTF_8);
        try (Cursor cursor = engine.cursor(Column.HISTORY)) {
            for (cursor.seek(prefix); cursor.valid() && Keys.startsWith(cursor.key(), prefix); cursor.next()) {
                if (Keys.endsWith(cursor.key(), id)) {
                    Attribute instance =
                            ModelCodec.decodeInstance(cursor.value()).instance();
                    if (instanceId.equals(instance.meta().instanceId())) {
                        return new Placed(cursor.key(), instance);
                    }
                }
            }
        }
        return null;
    }

    /** Whether there is any instance whose key starts with these parts. */
    static boolean any(Engine engine, byte[] parts) {
        try (Cursor cursor = engine.cursor(Column.HISTORY)) {
            cursor.seek(parts);
            return cursor.valid() && Keys.startsWith(cursor.key(), parts);
        }
    }

    /** Whether a change leaves the current state as it is: by {@link de.freiraum.model.EntityChange.Outcome} that is the same object. */
    @SuppressWarnings(
            "ReferenceEquality") // the contract is about identity, and comparing values would cost more than writing
    // them
    static boolean same(@Nullable Entity before, @Nullable Entity after) {
        return before == after;
    }

    private final class Recorder {
        private final Change change;
        private final List<Step> steps;
        private int count;

        Recorder(Change change, List<Step> steps) {
            this.change = change;
            this.steps = steps;
        }

        void add(String iri, Attribute attribute) {
            String given = attribute.meta().instanceId();
            String instanceId = given != null
                    ? given
                    : instancePrefix + Long.toString(change.sequence(), Character.MAX_RADIX) + "-" + count;
            count++;
            Attribute kept =
                    given != null ? attribute : attribute.with(attribute.meta().withInstanceId(instanceId));
            steps.add(Step.put(
                    Column.HISTORY,
                    Keys.instance(
                            change.tenant().partition(),
                            change.entityId(),
                            iri,
                            kept.meta().datasetId(),
                            place(kept.meta(), change.at()),
                            instanceId),
                    ModelCodec.encode(new TemporalInstance(iri, kept))));
        }
    }

    private static Instant place(AttributeMeta meta, Instant otherwise) {
        Instant observed = meta.observedAt();
        Instant modified = meta.modifiedAt();
        return observed != null ? observed : modified != null ? modified : otherwise;
    }

    // ---- reading
    // --------------------------------------------------------------------------------------------------------------------

    /** The instances of a range, group by group (attribute and dataset), each in ascending time; an attribute's groups are then merged. */
    static List<TemporalInstance> read(
            Engine engine, Tenant tenant, String entityId, Set<String> attributes, Range range) {
        Map<String, List<TemporalInstance>> found = new LinkedHashMap<>();
        try (Cursor cursor = engine.cursor(Column.HISTORY)) {
            if (attributes.isEmpty()) {
                readGroups(cursor, Keys.of(tenant.partition(), entityId), range, found);
            } else {
                for (String attribute : attributes.stream().sorted().toList()) {
                    readGroups(cursor, Keys.of(tenant.partition(), entityId, attribute), range, found);
                }
            }
        }
        List<TemporalInstance> all = new ArrayList<>();
        found.values().forEach(instances -> {
            instances.sort((a, b) -> time(a, range.property()).compareTo(time(b, range.property())));
            all.addAll(instances);
        });
        return all;
    }

    private static void readGroups(
            Cursor cursor, byte[] prefix, Range range, Map<String, List<TemporalInstance>> found) {
        cursor.seek(prefix);
        while (cursor.valid() && Keys.startsWith(cursor.key(), prefix)) {
            byte[] key = cursor.key();
            byte[] group = Arrays.copyOf(key, Keys.endOfParts(key, PARTS_OF_GROUP));
            List<TemporalInstance> instances = range.property() == TimeProperty.observedAt
                    ? scan(cursor, group, range)
                    : filter(cursor, group, range);
            if (!instances.isEmpty()) {
                found.computeIfAbsent(instances.get(0).attribute(), a -> new ArrayList<>())
                        .addAll(instances);
            }
            cursor.seek(Keys.behind(group));
        }
    }

    /** By key alone, since keys are ordered by observedAt. */
    private static List<TemporalInstance> scan(Cursor cursor, byte[] group, Range range) {
        byte[] from = range.from() == null ? group : Keys.atTime(group, range.from());
        byte[] end = range.to() == null ? Keys.behind(group) : Keys.atTime(group, range.to());
        List<TemporalInstance> instances = new ArrayList<>();
        if (range.last() == 0) {
            int most = range.first() == 0 ? Integer.MAX_VALUE : range.first();
            for (cursor.seek(from);
                    cursor.valid() && instances.size() < most && Arrays.compareUnsigned(cursor.key(), end) < 0;
                    cursor.next()) {
                instances.add(ModelCodec.decodeInstance(cursor.value()));
            }
            return instances;
        }
        for (cursor.seekBefore(end);
                cursor.valid() && instances.size() < range.last() && Arrays.compareUnsigned(cursor.key(), from) >= 0;
                cursor.previous()) {
            instances.add(ModelCodec.decodeInstance(cursor.value()));
        }
        Collections.reverse(instances);
        return instances;
    }

    /** By another time than that of the keys: all instances are looked at. */
    private static List<TemporalInstance> filter(Cursor cursor, byte[] group, Range range) {
        List<TemporalInstance> matching = new ArrayList<>();
        for (cursor.seek(group); cursor.valid() && Keys.startsWith(cursor.key(), group); cursor.next()) {
            TemporalInstance instance = ModelCodec.decodeInstance(cursor.value());
            Instant time = timeOrNull(instance.instance().meta(), range.property());
            if (time != null
                    && (range.from() == null || !time.isBefore(range.from()))
                    && (range.to() == null || time.isBefore(range.to()))) {
                matching.add(instance);
            }
        }
        matching.sort((a, b) -> time(a, range.property()).compareTo(time(b, range.property())));
        if (range.first() > 0 && matching.size() > range.first()) {
            return new ArrayList<>(matching.subList(0, range.first()));
        }
        if (range.last() == 0 || matching.size() <= range.last()) {
            return matching;
        }
        return new ArrayList<>(matching.subList(matching.size() - range.last(), matching.size()));
    }

    private static Instant time(TemporalInstance instance, TimeProperty property) {
        Instant time = timeOrNull(instance.instance().meta(), property);
        return time == null ? Instant.MIN : time;
    }

    private static @Nullable Instant timeOrNull(AttributeMeta meta, TimeProperty property) {
        Instant time = property.of(meta);
        return time == null && property == TimeProperty.observedAt ? meta.modifiedAt() : time;
    }
}
