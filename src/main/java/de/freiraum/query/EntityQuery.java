package de.freiraum.query;

import de.freiraum.model.Entity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Envelope;

/**
 * Which entities are asked for (clause 5.7.2), parsed and with expanded names. Every condition that is there must hold. Made from
 * {@link #ALL} with the {@code with…} methods, not with the constructor, which grows with the language.
 *
 * @param types type selection (clause 4.17), or null: any
 * @param ids URIs, one of which the entity's must be; empty: any
 * @param idPattern regular expression that must be found in the URI, or null; of no effect when {@code ids} are given
 * @param attributes attribute IRIs of which the entity must have one; empty: any
 * @param selectors selectors, one of which must match beside the above; empty: any
 * @param q condition on attributes (clause 4.9), or null
 * @param geo condition on where the entity is (clause 4.10), or null
 * @param scopeQ condition on scopes (clause 4.19), or null
 * @param csf condition on the registrations to ask (clause 4.9), or null; no condition on the entity
 * @param orderBy order of the answer (clause 4.23), or null: by URI
 * @param datasetIds datasets whose instances are shown ({@code @none}: the default instance), empty: all; no condition on the entity
 */
public record EntityQuery(
        @Nullable TypeSelection types,
        Set<String> ids,
        @Nullable TextPattern idPattern,
        Set<String> attributes,
        List<EntitySelector> selectors,
        @Nullable QExpression q,
        @Nullable GeoQuery geo,
        @Nullable ScopeQuery scopeQ,
        @Nullable QExpression csf,
        @Nullable OrderBy orderBy,
        Set<String> datasetIds) {

    /** Everything. */
    public static final EntityQuery ALL =
            new EntityQuery(null, Set.of(), null, Set.of(), List.of(), null, null, null, null, null, Set.of());

    /** Stands for the default instance among the {@link #datasetIds}. */
    public static final String DEFAULT_INSTANCE = "@none";

    /** Copies the collections. */
    public EntityQuery {
        ids = Set.copyOf(ids);
        attributes = Set.copyOf(attributes);
        selectors = List.copyOf(selectors);
        datasetIds = Set.copyOf(datasetIds);
    }

    /**
     * The conditions on types and URIs alone, in the same order: what may be said of an entity of which other brokers hold a part (clause
     * 5.14.4).
     */
    public EntityQuery candidates() {
        return ALL.withTypes(types)
                .withIds(ids)
                .withIdPattern(idPattern)
                .withSelectors(selectors)
                .withOrderBy(orderBy);
    }

    /** Whether the entity is one of those asked for; conditions on linked entities do not hold. */
    public boolean matches(Entity entity) {
        return matches(entity, LinkedEntities.NONE);
    }

    /**
     * Whether the entity is one of those asked for. Never throws.
     *
     * @param linked where entities behind Relationships are found
     */
    public boolean matches(Entity entity, LinkedEntities linked) {
        return matchesIdentity(entity)
                && (scopeQ == null || scopeQ.matches(entity.scopes()))
                && (attributes.isEmpty() || hasOneAttribute(entity))
                && (q == null || q.matches(entity, linked))
                && (geo == null || geo.matches(entity));
    }

    /** The conditions on types and URI alone. */
    public boolean matchesIdentity(Entity entity) {
        return (types == null || types.matches(entity.types()))
                && matchesId(entity.id())
                && (selectors.isEmpty() || isSelected(entity));
    }

    /** The conditions on the URI alone, but for those of the {@code selectors}. */
    public boolean matchesId(String id) {
        return ids.isEmpty() ? idPattern == null || idPattern.foundIn(id) : ids.contains(id);
    }

    /** Whether an entity of that URI may be found, its other properties permitting. */
    public boolean mayFind(String id) {
        return matchesId(id)
                && (selectors.isEmpty() || selectors.stream().anyMatch(selector -> selector.matchesId(id)));
    }

    /**
     * The same for some entities alone.
     *
     * @param some URIs, each of which the query {@link #mayFind may find}
     */
    public EntityQuery among(Set<String> some) {
        List<EntitySelector> narrowed = new ArrayList<>();
        for (EntitySelector selector : selectors) {
            Set<String> selected = some.stream().filter(selector::matchesId).collect(Collectors.toSet());
            if (!selected.isEmpty()) {
                narrowed.add(new EntitySelector(selector.types(), selected, null));
            }
        }
        return withIds(some).withIdPattern(null).withSelectors(narrowed);
    }

    private boolean isSelected(Entity entity) {
        for (int i = 0; i < selectors.size(); i++) {
            if (selectors.get(i).matches(entity)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasOneAttribute(Entity entity) {
        for (String attribute : attributes) {
            if (entity.attributes().containsKey(attribute)) {
                return true;
            }
        }
        return false;
    }

    /** Whether instances of that dataset are shown; null is the default instance. */
    public boolean showsDataset(@Nullable String datasetId) {
        return datasetIds.isEmpty() || datasetIds.contains(datasetId == null ? DEFAULT_INSTANCE : datasetId);
    }

    /** How many Relationships the longest path of {@code q} follows; 0 means that {@link #matches(Entity)} is enough. */
    public int linkedDepth() {
        return q == null ? 0 : q.linkedDepth();
    }

    /** Type IRIs of which every match has at least one, or null if matches may have any. */
    public @Nullable Set<String> typeCandidates() {
        Set<String> direct = types == null ? null : types.oneOf();
        if (direct != null || selectors.isEmpty()) {
            return direct;
        }
        Set<String> union = new TreeSet<>();
        for (EntitySelector selector : selectors) {
            Set<String> candidates =
                    selector.types() == null ? null : selector.types().oneOf();
            if (candidates == null) {
                return null;
            }
            union.addAll(candidates);
        }
        return union;
    }

    /** URIs of which every match has one, or null if matches may have any. */
    public @Nullable Set<String> idCandidates() {
        if (!ids.isEmpty()) {
            return ids;
        }
        if (selectors.isEmpty() || selectors.stream().anyMatch(s -> s.ids().isEmpty())) {
            return null;
        }
        Set<String> union = new TreeSet<>();
        selectors.forEach(s -> union.addAll(s.ids()));
        return union;
    }

    /** IRIs of attributes that every match has, all of them. */
    public Set<String> requiredAttributes() {
        Set<String> required = new LinkedHashSet<>();
        if (attributes.size() == 1) {
            required.addAll(attributes);
        }
        if (q != null) {
            for (QExpression part : q.conjuncts()) {
                String attribute = null;
                if (part instanceof QExpression.Compare c) {
                    attribute = c.target().attribute();
                } else if (part instanceof QExpression.Exists e) {
                    attribute = e.target().attribute();
                }
                if (attribute != null) {
                    required.add(attribute);
                }
            }
        }
        if (geo != null && geo.property().attribute() != null) {
            required.add(geo.property().attribute());
        }
        return required;
    }

    /**
     * Comparisons of the values of attributes of the entity itself that every match meets: their target has no hops and its path
     * {@linkplain AttributePath#simpleAttribute() is one attribute}. What a store can look up in an index of values.
     */
    public List<QExpression.Compare> comparisons() {
        if (q == null) {
            return List.of();
        }
        return q.conjuncts().stream()
                .filter(QExpression.Compare.class::isInstance)
                .map(QExpression.Compare.class::cast)
                .filter(c -> c.target().hops().isEmpty() && c.target().path().simpleAttribute() != null)
                .toList();
    }

    /**
     * Boxes of longitude (x) and latitude (y), one of which the geometry of every match meets; empty if it may be anywhere. The geometry is
     * that of {@link GeoQuery#property}.
     */
    public List<Envelope> searchBoxes() {
        return geo == null ? List.of() : geo.searchBoxes();
    }

    /** Entities of one type. */
    public static EntityQuery ofType(String typeIri) {
        return ALL.withTypes(new TypeSelection.Type(typeIri));
    }

    /** The same with another type selection. */
    public EntityQuery withTypes(@Nullable TypeSelection other) {
        return new EntityQuery(other, ids, idPattern, attributes, selectors, q, geo, scopeQ, csf, orderBy, datasetIds);
    }

    /** The same with other URIs. */
    public EntityQuery withIds(Set<String> other) {
        return new EntityQuery(
                types, other, idPattern, attributes, selectors, q, geo, scopeQ, csf, orderBy, datasetIds);
    }

    /** The same with another pattern of URIs. */
    public EntityQuery withIdPattern(@Nullable TextPattern other) {
        return new EntityQuery(types, ids, other, attributes, selectors, q, geo, scopeQ, csf, orderBy, datasetIds);
    }

    /** The same with other attributes. */
    public EntityQuery withAttributes(Set<String> other) {
        return new EntityQuery(types, ids, idPattern, other, selectors, q, geo, scopeQ, csf, orderBy, datasetIds);
    }

    /** The same with other selectors. */
    public EntityQuery withSelectors(List<EntitySelector> other) {
        return new EntityQuery(types, ids, idPattern, attributes, other, q, geo, scopeQ, csf, orderBy, datasetIds);
    }

    /** The same with another condition on attributes. */
    public EntityQuery withQ(@Nullable QExpression other) {
        return new EntityQuery(
                types, ids, idPattern, attributes, selectors, other, geo, scopeQ, csf, orderBy, datasetIds);
    }

    /** The same with another condition on where the entity is. */
    public EntityQuery withGeo(@Nullable GeoQuery other) {
        return new EntityQuery(
                types, ids, idPattern, attributes, selectors, q, other, scopeQ, csf, orderBy, datasetIds);
    }

    /** The same with another condition on scopes. */
    public EntityQuery withScopeQ(@Nullable ScopeQuery other) {
        return new EntityQuery(types, ids, idPattern, attributes, selectors, q, geo, other, csf, orderBy, datasetIds);
    }

    /** The same with another condition on registrations. */
    public EntityQuery withCsf(@Nullable QExpression other) {
        return new EntityQuery(
                types, ids, idPattern, attributes, selectors, q, geo, scopeQ, other, orderBy, datasetIds);
    }

    /** The same with another order. */
    public EntityQuery withOrderBy(@Nullable OrderBy other) {
        return new EntityQuery(types, ids, idPattern, attributes, selectors, q, geo, scopeQ, csf, other, datasetIds);
    }

    /** The same with other datasets. */
    public EntityQuery withDatasetIds(Set<String> other) {
        return new EntityQuery(types, ids, idPattern, attributes, selectors, q, geo, scopeQ, csf, orderBy, other);
    }
}
