package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.freiraum.model.TemporalInstance;
import de.freiraum.query.TimeProperty;
import de.freiraum.store.TemporalStore.Condensation;
import de.freiraum.store.TemporalStore.Range;
import de.freiraum.store.TemporalStore.Spot;
import de.freiraum.store.change.HistoryRange;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Reads history. By the time of observation a range is one scan of the index, and the first or last instances are one short scan for each
 * attribute and dataset; by another time all instances of the attributes are looked at.
 */
final class HistoryReader {
    private static final int AT_ONCE = 16;
    static final Bson IN_ORDER = Sorts.ascending(
            HistoryDocument.ATTRIBUTE, HistoryDocument.DATASET, HistoryDocument.TIME, HistoryDocument.INSTANCE);
    private static final Bson BACKWARDS = Sorts.descending(HistoryDocument.TIME, HistoryDocument.INSTANCE);
    private static final Bson FORWARDS = Sorts.ascending(HistoryDocument.TIME, HistoryDocument.INSTANCE);
    private static final Bson GROUP = Projections.include(HistoryDocument.ATTRIBUTE, HistoryDocument.DATASET);

    private final MongoCollection<RawBsonDocument> history;

    /** The instances of one attribute of one dataset. */
    private record Group(String attribute, String dataset) {}

    HistoryReader(MongoCollection<RawBsonDocument> history) {
        this.history = history;
    }

    /** Each attribute's instances in ascending time. */
    Future<List<TemporalInstance>> read(String key, Set<String> attributes, Range range) {
        boolean byPlace = range.property() == TimeProperty.observedAt;
        Bson all = attributes.isEmpty()
                ? Filters.eq(HistoryDocument.ENTITY, key)
                : Filters.and(
                        Filters.eq(HistoryDocument.ENTITY, key),
                        Filters.in(HistoryDocument.ATTRIBUTE, new TreeSet<>(attributes)));
        if (byPlace && range.first() + range.last() > 0) {
            Map<Group, List<TemporalInstance>> groups = new LinkedHashMap<>();
            return groupByGroup(key, attributes, range, null, groups).map(v -> merged(groups, range));
        }
        return Reactive.all(history.find(byPlace ? within(all, range) : all).sort(IN_ORDER))
                .map(documents -> merged(byPlace ? grouped(documents) : selected(grouped(documents), range), range));
    }

    /** The same for several entities, in their order; a few at a time. */
    Future<List<List<TemporalInstance>>> readAll(List<String> keys, Set<String> attributes, Range range) {
        return readFrom(keys, 0, attributes, range, new ArrayList<>());
    }

    private Future<List<List<TemporalInstance>>> readFrom(
            List<String> keys, int from, Set<String> attributes, Range range, List<List<TemporalInstance>> read) {
        if (from >= keys.size()) {
            return Future.succeededFuture(read);
        }
        int to = Math.min(keys.size(), from + AT_ONCE);
        List<Future<List<TemporalInstance>>> some = keys.subList(from, to).stream()
                .map(key -> read(key, attributes, range))
                .toList();
        return Future.all(some).compose(done -> {
            some.forEach(one -> read.add(one.result()));
            return readFrom(keys, to, attributes, range, read);
        });
    }

    /** What of an evolution lies in an interval, from a place on. */
    static Bson behind(String key, Condensation interval, @Nullable Spot from) {
        Bson all = within(
                Filters.eq(HistoryDocument.ENTITY, key),
                new Range(TimeProperty.observedAt, interval.from(), interval.to(), 0));
        if (from == null) {
            return all;
        }
        String dataset = HistoryDocument.dataset(from.datasetId());
        Bson sameAttribute = Filters.eq(HistoryDocument.ATTRIBUTE, from.attribute());
        return Filters.and(
                all,
                Filters.or(
                        Filters.and(
                                sameAttribute,
                                Filters.eq(HistoryDocument.DATASET, dataset),
                                Filters.gte(HistoryDocument.TIME, HistoryDocument.time(from.time()))),
                        Filters.and(sameAttribute, Filters.gt(HistoryDocument.DATASET, dataset)),
                        Filters.gt(HistoryDocument.ATTRIBUTE, from.attribute())));
    }

    private static Bson within(Bson all, Range range) {
        List<Bson> conditions = new ArrayList<>(List.of(all));
        if (range.from() != null) {
            conditions.add(Filters.gte(HistoryDocument.TIME, HistoryDocument.time(range.from())));
        }
        if (range.to() != null) {
            conditions.add(Filters.lt(HistoryDocument.TIME, HistoryDocument.time(range.to())));
        }
        return Filters.and(conditions);
    }

    private static Map<Group, List<TemporalInstance>> grouped(List<RawBsonDocument> documents) {
        Map<Group, List<TemporalInstance>> groups = new LinkedHashMap<>();
        documents.forEach(document -> groups.computeIfAbsent(group(document), g -> new ArrayList<>())
                .add(HistoryDocument.instance(document)));
        return groups;
    }

    private static Map<Group, List<TemporalInstance>> selected(Map<Group, List<TemporalInstance>> groups, Range range) {
        groups.replaceAll((group, instances) -> HistoryRange.select(instances, range));
        return groups;
    }

    private static Group group(RawBsonDocument document) {
        return new Group(
                document.getString(HistoryDocument.ATTRIBUTE).getValue(),
                document.getString(HistoryDocument.DATASET).getValue());
    }

    private static List<TemporalInstance> merged(Map<Group, List<TemporalInstance>> groups, Range range) {
        Map<String, List<TemporalInstance>> byAttribute = new LinkedHashMap<>();
        groups.forEach((group, instances) -> {
            if (!instances.isEmpty()) {
                byAttribute
                        .computeIfAbsent(group.attribute(), a -> new ArrayList<>())
                        .addAll(instances);
            }
        });
        List<TemporalInstance> all = new ArrayList<>();
        byAttribute.values().forEach(instances -> {
            instances.sort(HistoryRange.ascending(range.property()));
            all.addAll(instances);
        });
        return all;
    }

    /** Goes from group to group by the index, without looking at the instances between. */
    private Future<Void> groupByGroup(
            String key,
            Set<String> attributes,
            Range range,
            @Nullable Group last,
            Map<Group, List<TemporalInstance>> found) {
        Bson behind = last == null
                ? Filters.eq(HistoryDocument.ENTITY, key)
                : Filters.and(
                        Filters.eq(HistoryDocument.ENTITY, key),
                        Filters.or(
                                Filters.and(
                                        Filters.eq(HistoryDocument.ATTRIBUTE, last.attribute()),
                                        Filters.gt(HistoryDocument.DATASET, last.dataset())),
                                Filters.gt(HistoryDocument.ATTRIBUTE, last.attribute())));
        Bson next = attributes.isEmpty()
                ? behind
                : Filters.and(behind, Filters.in(HistoryDocument.ATTRIBUTE, new TreeSet<>(attributes)));
        return Reactive.first(history.find(next).sort(IN_ORDER).limit(1).projection(GROUP))
                .compose(document -> {
                    if (document == null) {
                        return Future.succeededFuture();
                    }
                    Group group = group(document);
                    return some(key, group, range).compose(instances -> {
                        found.put(group, instances);
                        return groupByGroup(key, attributes, range, group, found);
                    });
                });
    }

    private Future<List<TemporalInstance>> some(String key, Group group, Range range) {
        Bson ofGroup = Filters.and(
                Filters.eq(HistoryDocument.ENTITY, key),
                Filters.eq(HistoryDocument.ATTRIBUTE, group.attribute()),
                Filters.eq(HistoryDocument.DATASET, group.dataset()));
        return Reactive.all(history.find(within(ofGroup, range))
                        .sort(range.last() > 0 ? BACKWARDS : FORWARDS)
                        .limit(range.last() > 0 ? range.last() : range.first()))
                .map(documents -> {
                    List<TemporalInstance> instances = new ArrayList<>();
                    documents.forEach(document -> instances.add(HistoryDocument.instance(document)));
                    if (range.last() > 0) {
                        Collections.reverse(instances);
                    }
                    return instances;
                });
    }
}
