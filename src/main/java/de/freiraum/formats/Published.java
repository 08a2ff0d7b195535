package de.freiraum.formats;

import de.freiraum.broker.QueryOperations;
import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.CatalogueSource;
import de.freiraum.catalog.City;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.Publication;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.EntityStore.EntityPage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads what is published, on behalf of anybody. */
public final class Published {
    private final Publication publication;
    private final CatalogueSource source;
    private final QueryOperations queries;
    private final Supplier<? extends Collection<Tenant>> tenants;
    private final Set<String> hiddenAttributes;

    /**
     * What a publication lets everybody see.
     *
     * @param source describes the datasets
     * @param tenants all tenants there are
     */
    public Published(
            Publication publication,
            CatalogueSource source,
            QueryOperations queries,
            Supplier<? extends Collection<Tenant>> tenants) {
        this.publication = publication;
        this.source = source;
        this.queries = queries;
        this.tenants = tenants;
        this.hiddenAttributes = publication.hiddenAttributes();
    }

    /** What holds for everything that is published. */
    public Catalogue.About about() {
        return publication.about();
    }

    /** The datasets, on the caller's context. */
    public Future<Catalogue> catalogue() {
        return onContext(source.current());
    }

    /** A dataset, on the caller's context; null if there is none of that id. */
    public Future<@Nullable Dataset> find(String id) {
        return onContext(source.find(id));
    }

    private static <T extends @Nullable Object> Future<T> onContext(Future<T> made) {
        Context context = Vertx.currentContext();
        if (context == null || made.isComplete()) {
            return made;
        }
        return Future.future(promise -> made.onComplete(done -> context.runOnContext(v -> promise.handle(done))));
    }

    /** The cities whose data everybody may read, in the order of their tenants' names. */
    public List<City> cities() {
        return publication.open(tenants.get()).stream().map(publication::city).toList();
    }

    /** Whether entities of a type are published. */
    public boolean isPublished(String type) {
        return publication.kind(type) != null;
    }

    /** A page of the entities that match, without the attributes that are not published. */
    public Future<EntityPage> page(City city, EntityQuery query, PageRequest page) {
        return queries.queryEntities(publication.reader(city.tenant()), query, page)
                .map(found -> new EntityPage(
                        found.entities().stream().map(this::shown).toList(), found.more(), found.count()));
    }

    private Entity shown(Entity entity) {
        if (hiddenAttributes.stream().noneMatch(entity.attributes()::containsKey)) {
            return entity;
        }
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>(entity.attributes());
        attributes.keySet().removeAll(hiddenAttributes);
        return entity.withAttributes(attributes);
    }
}
