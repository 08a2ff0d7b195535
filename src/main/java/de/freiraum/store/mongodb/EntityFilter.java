package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.GeoQuery;
import de.freiraum.query.TextPattern;
import de.freiraum.query.TypeSelection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * A query as a filter of entity documents. Every document of a match meets the filter; where it is exact, only these do, as long as nothing in
 * them is expired.
 *
 * @param bson for MongoDB
 * @param exact whether what meets the filter need not be evaluated
 */
record EntityFilter(Bson bson, boolean exact) {

    /**
     * Translates a query; its order is not part of the filter.
     *
     * @param now the time by which something may be expired, in microseconds
     */
    static EntityFilter of(Tenant tenant, EntityQuery query, long now) {
        String partition = tenant.partition();
        List<Condition> conditions = new ArrayList<>();
        conditions.add(types(query.types()));
        conditions.add(ids(partition, query.ids(), query.idPattern()));
        if (!query.selectors().isEmpty()) {
            conditions.add(Condition.anyOf(query.selectors().stream()
                    .map(selector -> selector(partition, selector))
                    .toList()));
        }
        if (query.scopeQ() != null) {
            conditions.add(ScopeConditions.of(query.scopeQ()));
        }
        if (!query.attributes().isEmpty()) {
            conditions.add(attributes(query.attributes()));
        }
        if (query.q() != null) {
            conditions.add(new ValueConditions(now).of(query.q()));
        }
        if (query.geo() != null) {
            conditions.add(geo(query.geo()));
        }
        Condition all = Condition.allOf(conditions);
        Bson ofTenant = Keys.allBelow(partition);
        return new EntityFilter(
                all.bson() == null
                        ? ofTenant
                        : Filters.and(Filters.eq(EntityDocument.TENANT, partition), ofTenant, all.bson()),
                all.exact());
    }

    private static Condition selector(String partition, EntitySelector selector) {
        return Condition.allOf(List.of(types(selector.types()), ids(partition, selector.ids(), selector.idPattern())));
    }

    private static Condition types(@Nullable TypeSelection selection) {
        if (selection == null || selection instanceof TypeSelection.Any) {
            return Condition.ALWAYS;
        }
        if (selection instanceof TypeSelection.Type type) {
            return Condition.exactly(Filters.eq(EntityDocument.TYPES, type.iri()));
        }
        if (selection instanceof TypeSelection.NoneOf none) {
            return Condition.exactly(Filters.nin(EntityDocument.TYPES, none.iris()));
        }
        if (selection instanceof TypeSelection.Only only) {
            return Condition.atLeast(Filters.in(EntityDocument.TYPES, only.iris()));
        }
        if (selection instanceof TypeSelection.And and) {
            return Condition.allOf(and.all().stream().map(EntityFilter::types).toList());
        }
        List<TypeSelection> any = ((TypeSelection.Or) selection).any();
        if (any.stream().allMatch(TypeSelection.Type.class::isInstance)) {
            return Condition.exactly(Filters.in(
                    EntityDocument.TYPES,
                    any.stream().map(type -> ((TypeSelection.Type) type).iri()).toList()));
        }
        return Condition.anyOf(any.stream().map(EntityFilter::types).toList());
    }

    private static Condition ids(String partition, Collection<String> ids, @Nullable TextPattern pattern) {
        String prefix = partition + Keys.SEPARATOR;
        if (!ids.isEmpty()) {
            return Condition.exactly(
                    Filters.in("_id", ids.stream().map(id -> prefix + id).toList()));
        }
        if (pattern == null) {
            return Condition.ALWAYS;
        }
        String start = pattern.literalPrefix();
        return start.isEmpty()
                ? Condition.PERHAPS
                : Condition.atLeast(Filters.and(
                        Filters.gte("_id", prefix + start), Filters.lt("_id", prefix + start + Character.MAX_VALUE)));
    }

    private static Condition attributes(Set<String> iris) {
        List<String> paths = new ArrayList<>();
        iris.forEach(iri -> {
            paths.add(iri);
            paths.add(iri + IndexedValues.WITHOUT_VALUE);
        });
        return Condition.exactly(Filters.in(EntityDocument.PATHS, paths));
    }

    private static Condition geo(GeoQuery geo) {
        if (NgsiLd.LOCATION.equals(geo.property().simpleAttribute())
                && !geo.searchBoxes().isEmpty()) {
            BsonDocument area = Places.covering(geo.searchBoxes());
            return area == null
                    ? Condition.NEVER
                    : Condition.atLeast(new Document(
                            EntityDocument.PLACE, new Document("$geoIntersects", new Document("$geometry", area))));
        }
        return ValueConditions.holds(geo.property()).nearly();
    }
}
