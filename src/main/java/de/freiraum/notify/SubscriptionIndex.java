package de.freiraum.notify;

import de.freiraum.model.Change;
import de.freiraum.model.Change.AttributeChange;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntitySelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the subscriptions that a change could concern without looking at the others.
 *
 * <p>Each subscription lies under every <em>anchor</em> that an entity it selects must have one of: the URIs a selector names; else the types
 * of which a selector's entities must have one; else the one anchor of all entities. Within an anchor it lies under each attribute it
 * watches, or under none if it watches all. A change looks up its entity's URI, its types and the anchor of all, and there the attributes it
 * touched and the place for none. So 100 000 subscriptions to single entities or to different types or attributes cost a change a few
 * lookups; only subscriptions with the same anchor and the same attribute are looked at one by one.
 *
 * <p>What comes out is a superset of what matches: selectors, triggers and queries are still to be evaluated. Reading is free of locks on any
 * thread; {@link #replace} is called by one thread at a time.
 *
 * @param <T> what is found; compared by identity or equality as its type says
 */
final class SubscriptionIndex<T> {

    /** Where a subscription lies. */
    private record Place(Tenant tenant, Anchor anchor, String value, String attribute) {}

    private enum Anchor {
        ID,
        TYPE,
        ALL
    }

    private static final String NONE = "";

    private final Map<Place, Set<T>> places = new ConcurrentHashMap<>();
    private final Map<Tenant, Integer> sizes = new ConcurrentHashMap<>();

    /** Where a subscription with these conditions lies. */
    static Collection<?> places(Tenant tenant, List<EntitySelector> selectors, Set<String> watched) {
        Set<String> attributes = watched.isEmpty() ? Set.of(NONE) : watched;
        List<Place> places = new ArrayList<>();
        if (selectors.isEmpty()) {
            attributes.forEach(a -> places.add(new Place(tenant, Anchor.ALL, NONE, a)));
        }
        for (EntitySelector selector : selectors) {
            Set<String> types =
                    selector.types() == null ? null : selector.types().oneOf();
            Anchor anchor = !selector.ids().isEmpty() ? Anchor.ID : types != null ? Anchor.TYPE : Anchor.ALL;
            Set<String> values =
                    switch (anchor) {
                        case ID -> selector.ids();
                        case TYPE -> types == null ? Set.of() : types;
                        case ALL -> Set.of(NONE);
                    };
            for (String value : values) {
                attributes.forEach(a -> places.add(new Place(tenant, anchor, value, a)));
            }
        }
        return places;
    }

    /**
     * Moves an item. It is found at all times in the places that it had and has.
     *
     * @param had where it was; empty: it is new
     * @param has where it shall be; empty: nowhere
     */
    void replace(Tenant tenant, T item, Collection<?> had, Collection<?> has) {
        Set<Place> now = new HashSet<>();
        has.forEach(p -> now.add((Place) p));
        now.forEach(place -> places.computeIfAbsent(place, p -> ConcurrentHashMap.newKeySet())
                .add(item));
        for (Object before : had) {
            Place place = (Place) before;
            if (!now.contains(place)) {
                places.computeIfPresent(place, (p, items) -> {
                    items.remove(item);
                    return items.isEmpty() ? null : items;
                });
            }
        }
        int change = (has.isEmpty() ? 0 : 1) - (had.isEmpty() ? 0 : 1);
        sizes.merge(tenant, change, Integer::sum);
    }

    /** Those that the change could concern. */
    Set<T> candidates(Change change) {
        if (sizes.getOrDefault(change.tenant(), 0) == 0) {
            return Set.of();
        }
        Set<String> attributes = new HashSet<>();
        for (AttributeChange touched : change.attributeChanges()) {
            attributes.add(touched.attribute());
        }
        attributes.add(NONE);
        Set<T> found = new HashSet<>();
        collect(change, Anchor.ID, change.entityId(), attributes, found);
        collect(change, Anchor.ALL, NONE, attributes, found);
        for (String type : change.latest().types()) {
            collect(change, Anchor.TYPE, type, attributes, found);
        }
        return found;
    }

    private void collect(Change change, Anchor anchor, String value, Set<String> attributes, Set<T> found) {
        for (String attribute : attributes) {
            Set<T> here = places.get(new Place(change.tenant(), anchor, value, attribute));
            if (here != null) {
                found.addAll(here);
            }
        }
    }
}
