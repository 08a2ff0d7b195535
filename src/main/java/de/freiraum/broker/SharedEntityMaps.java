package de.freiraum.broker;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.json.Times;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.store.DocumentStore;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the entity maps of processes that share a store alike: what one makes, changes and removes is written down, and taken over by the others a moment
 * later. One that is too large for a document stays with its maker; elsewhere a request that names it gets a new one. For any thread.
 */
public final class SharedEntityMaps implements EntityMaps.Listener {
    /** Where they are written down. */
    public static final String COLLECTION = "entity-maps";

    private static final Logger LOG = LoggerFactory.getLogger(SharedEntityMaps.class);
    private static final int MOST_BYTES = 12 << 20;

    private final DocumentStore documents;
    private final EntityMaps maps;

    /** Keeps these maps; {@link #refreshAll} takes over those there are. */
    public SharedEntityMaps(DocumentStore documents, EntityMaps maps) {
        this.documents = documents;
        this.maps = maps;
        maps.listen(this);
    }

    @Override
    public void put(Tenant tenant, EntityMap map) {
        byte[] document = write(map);
        if (document.length <= MOST_BYTES) {
            documents.put(tenant, COLLECTION, map.id(), document).onFailure(SharedEntityMaps::failed);
        }
    }

    @Override
    public void removed(Tenant tenant, String id) {
        documents.delete(tenant, COLLECTION, id).onFailure(SharedEntityMaps::failed);
    }

    private static void failed(Throwable failure) {
        LOG.warn("other replicas do not learn of an entity map: {}", failure.toString());
    }

    /** Takes over a map that another process wrote or removed. */
    public Future<Void> refresh(Tenant tenant, String id) {
        return documents.get(tenant, COLLECTION, id).map(document -> {
            if (document == null) {
                maps.forget(tenant, id);
            } else {
                maps.take(tenant, read(id, document));
            }
            return null;
        });
    }

    /** Takes over all maps of a tenant. */
    public Future<Void> refreshAll(Tenant tenant) {
        return documents.each(
                tenant, COLLECTION, document -> maps.take(tenant, read(document.key(), document.bytes())));
    }

    private static byte[] write(EntityMap map) {
        Map<String, Value> registrations = new LinkedHashMap<>();
        map.registrations().forEach((entity, sources) -> registrations.put(entity, array(sources)));
        Map<String, Value> linked = new LinkedHashMap<>();
        map.linkedMaps().forEach((registration, other) -> linked.put(registration, Value.of(other)));
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("expiresAt", Value.of(Times.format(map.expiresAt())));
        members.put("entityIds", array(map.entityIds()));
        members.put("registrations", new Value.Obj(registrations));
        members.put("linkedMaps", new Value.Obj(linked));
        return JsonWriter.write(new Value.Obj(members));
    }

    private static EntityMap read(String id, byte[] document) {
        Map<String, Value> members = ((Value.Obj) JsonReader.read(document)).members();
        Map<String, List<String>> registrations = new LinkedHashMap<>();
        object(members, "registrations").forEach((entity, sources) -> registrations.put(entity, texts(sources)));
        Map<String, String> linked = new LinkedHashMap<>();
        object(members, "linkedMaps").forEach((registration, other) -> linked.put(registration, text(other)));
        return new EntityMap(
                id,
                Times.parse(text(members.get("expiresAt")), "expiresAt"),
                texts(members.get("entityIds")),
                registrations,
                linked);
    }

    private static Value array(List<String> texts) {
        return Value.ofTexts(texts);
    }

    private static Map<String, Value> object(Map<String, Value> members, String name) {
        return members.get(name) instanceof Value.Obj object ? object.members() : Map.of();
    }

    private static List<String> texts(@Nullable Value value) {
        return value instanceof Value.Array array
                ? array.items().stream().map(SharedEntityMaps::text).toList()
                : List.of();
    }

    private static String text(@Nullable Value value) {
        return value instanceof Value.Text text ? text.text() : "";
    }
}
