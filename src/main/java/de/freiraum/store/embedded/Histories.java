package de.freiraum.store.embedded;

import de.freiraum.json.ModelCodec;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Change;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.query.TimeProperty;
import de.freiraum.store.TemporalStore.Condensation;
import de.freiraum.store.TemporalStore.Range;
import de.freiraum.store.TemporalStore.Spot;
import de.freiraum.store.change.Condenser;
import de.freiraum.store.change.HistoryRange;
import de.freiraum.store.change.HistoryRecorder;
import de.freiraum.store.change.Ticks;
import de.freiraum.store.embedded.Engine.Column;
import de.freiraum.store.embedded.Engine.Cursor;
import de.freiraum.store.embedded.Engine.Step;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a change puts into history, and how history is read. */
final class Histories {
    private static final int PARTS_OF_GROUP = 4;

    private final HistoryRecorder recorder;
    private final boolean deleteWithEntity;

    /**
     * The history of one store.
     *
     * @param storeId a name of the store that keeps its instance ids apart from those of other stores
     */
    Histories(String storeId, boolean deleteWithEntity) {
        this.recorder = new HistoryRecorder(storeId);
        this.deleteWithEntity = deleteWithEntity;
    }

    /** Adds the steps of a change: those of the instances it records, or the one that deletes all. */
    void record(Change change, List<Step> steps) {
        if (deleteWithEntity
                && change.origin() != Origin.SNAPSHOT
                && change.after() == null
                && change.before() != null) {
            byte[] all = Keys.of(change.tenant().partition(), change.entityId());
            steps.add(Step.deleteRange(Column.HISTORY, all, Keys.behind(all)));
        } else {
            put(change.tenant(), change.entityId(), recorder.record(change), change.at(), steps);
        }
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
        try (Cursor cursor = engine.cursor(Column.HISTORY)) {
            List<TemporalInstance> added = recorder.added(
                    instances,
                    tick,
                    place -> observedThere(
                            cursor,
                            Keys.atTime(
                                    group(tenant, entityId, place.attribute(), place.datasetId()), place.observedAt()),
                            place));
            put(tenant, entityId, added, Ticks.instant(tick), steps);
        }
    }

    /** The last of the instances at a place, whose key starts so. */
    private static @Nullable Attribute observedThere(Cursor cursor, byte[] time, HistoryRecorder.Place place) {
        Attribute last = null;
        for (cursor.seek(time); cursor.valid() && Keys.startsWith(cursor.key(), time); cursor.next()) {
            TemporalInstance instance = decode(cursor);
            if (place.equals(HistoryRecorder.Place.of(instance))) {
                last = instance.instance();
            }
        }
        return last;
    }

    /** The first part of the keys of all instances of one dataset. */
    static byte[] group(Tenant tenant, String entityId, String attribute, @Nullable String datasetId) {
        return Keys.of(tenant.partition(), entityId, attribute, datasetId == null ? "" : datasetId);
    }

    /** Adds the steps that write instances, which have their ids. */
    static void put(Tenant tenant, String entityId, List<TemporalInstance> instances, Instant now, List<Step> steps) {
        for (TemporalInstance instance : instances) {
            AttributeMeta meta = instance.instance().meta();
            steps.add(Step.put(
                    Column.HISTORY,
                    Keys.instance(
                            tenant.partition(),
                            entityId,
                            instance.attribute(),
                            meta.datasetId(),
                            HistoryRecorder.place(meta, now),
                            Objects.requireNonNull(meta.instanceId())),
                    ModelCodec.encode(instance)));
        }
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
            instances.sort(HistoryRange.ascending(range.property()));
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

    /** Hands instances of an interval to a condenser, group by group, until it wants no more. */
    static void scan(
            Engine engine,
            Tenant tenant,
            String entityId,
            Condensation interval,
            @Nullable Spot from,
            Condenser<byte[]> condenser) {
        byte[] prefix = Keys.of(tenant.partition(), entityId);
        try (Cursor cursor = engine.cursor(Column.HISTORY)) {
            cursor.seek(
                    from == null
                            ? prefix
                            : Keys.atTime(group(tenant, entityId, from.attribute(), from.datasetId()), from.time()));
            while (cursor.valid() && Keys.startsWith(cursor.key(), prefix)) {
                byte[] group = Arrays.copyOf(cursor.key(), Keys.endOfParts(cursor.key(), PARTS_OF_GROUP));
                Instant start = interval.from();
                if (start != null) {
                    byte[] begin = Keys.atTime(group, start);
                    if (Arrays.compareUnsigned(cursor.key(), begin) < 0) {
                        cursor.seek(begin);
                    }
                }
                byte[] end = Keys.atTime(group, interval.to());
                for (; cursor.valid() && Arrays.compareUnsigned(cursor.key(), end) < 0; cursor.next()) {
                    byte[] key = cursor.key();
                    if (!condenser.take(Keys.time(key, group.length), decode(cursor), key)) {
                        return;
                    }
                }
                cursor.seek(Keys.behind(group));
            }
        }
    }

    private static TemporalInstance decode(Cursor cursor) {
        return ModelCodec.decodeInstance(cursor.value());
    }

    /** By another time than that of the keys: all instances are looked at. */
    private static List<TemporalInstance> filter(Cursor cursor, byte[] group, Range range) {
        List<TemporalInstance> all = new ArrayList<>();
        for (cursor.seek(group); cursor.valid() && Keys.startsWith(cursor.key(), group); cursor.next()) {
            all.add(ModelCodec.decodeInstance(cursor.value()));
        }
        return HistoryRange.select(all, range);
    }
}
