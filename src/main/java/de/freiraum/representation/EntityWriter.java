package de.freiraum.representation;

import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.query.LinkedEntities;
import de.freiraum.query.Projection;
import de.freiraum.representation.AttributeWriter.Shown;
import de.freiraum.representation.RepresentationOptions.GeoJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes entities: normalized, concise, simplified, each also as GeoJSON (clauses 4.5.1 to 4.5.5, 4.5.16, 4.5.17, 4.5.23.2). What an entity
 * version was written as is remembered with it, so that a page of entities is mostly a copy of bytes. Safe for any thread.
 */
public final class EntityWriter {
    private static final int BYTES_PER_ENTITY = 1024;

    private final RenderMemory memory;

    /** A writer that remembers up to so many bytes; 0: nothing. */
    public EntityWriter(long rememberedBytes) {
        memory = new RenderMemory(rememberedBytes);
    }

    /** How linked entities are shown within their linking entity (clause 4.5.23.2). */
    public record Join(LinkedEntities entities, int levels) {}

    /** How many bytes are remembered now, including those of versions that may be gone. */
    public long rememberedBytes() {
        return memory.used();
    }

    /** The entity as JSON. The array is shared and must not be modified. */
    public byte[] write(Entity entity, RepresentationOptions options) {
        byte[] known = memory.find(entity, options);
        if (known == null) {
            JsonWriter out = new JsonWriter(BYTES_PER_ENTITY);
            render(out, entity, options, null);
            known = out.toBytes();
            memory.keep(entity, options, known);
        }
        return known;
    }

    /** Writes the entity as the next JSON value. */
    public void write(JsonWriter out, Entity entity, RepresentationOptions options) {
        out.raw(write(entity, options));
    }

    /** The entity as JSON, with the entities it links to shown within; nothing is remembered. */
    public byte[] write(Entity entity, RepresentationOptions options, Join join) {
        JsonWriter out = new JsonWriter(BYTES_PER_ENTITY);
        render(out, entity, options, join);
        return out.toBytes();
    }

    /** A list of entities: a JSON array, or a GeoJSON FeatureCollection. */
    public byte[] writeArray(List<Entity> entities, RepresentationOptions options) {
        return options.geoJson() == null ? remembered(entities, options) : writeArray(entities, options, null);
    }

    /** Most of the work on a page is this copy; so there is one, into as many bytes as are needed. */
    private byte[] remembered(List<Entity> entities, RepresentationOptions options) {
        byte[][] items = new byte[entities.size()][];
        int length = 2 + Math.max(0, items.length - 1);
        for (int i = 0; i < items.length; i++) {
            items[i] = write(entities.get(i), options);
            length = Math.addExact(length, items[i].length);
        }
        JsonWriter out = new JsonWriter(length).beginArray();
        for (byte[] item : items) {
            out.raw(item);
        }
        return out.endArray().takeBytes();
    }

    /** A list of entities, each with the entities it links to if join is not null. */
    public byte[] writeArray(List<Entity> entities, RepresentationOptions options, @Nullable Join join) {
        JsonWriter out = new JsonWriter(Math.max(64, BYTES_PER_ENTITY * entities.size()));
        writeArray(out, entities, options, join);
        return out.toBytes();
    }

    /** Writes a list of entities as the next JSON value. */
    public void writeArray(JsonWriter out, List<Entity> entities, RepresentationOptions options, @Nullable Join join) {
        if (options.geoJson() == null) {
            out.beginArray();
            entities.forEach(e -> one(out, e, options, join));
            out.endArray();
            return;
        }
        RepresentationOptions inside = options.withContextInBody(false);
        out.beginObject().member("type", "FeatureCollection").name("features").beginArray();
        entities.forEach(e -> one(out, e, inside, join));
        out.endArray();
        if (options.contextInBody()) {
            out.member("@context", options.context().source());
        }
        out.endObject();
    }

    private void one(JsonWriter out, Entity entity, RepresentationOptions options, @Nullable Join join) {
        if (join == null) {
            write(out, entity, options);
        } else {
            render(out, entity, options, join);
        }
    }

    /**
     * A change of an entity, as far as it is to be told. There is an entity before or after it.
     *
     * @param before the entity before, or null if it was created; what attribute instances it has more than the one after are told as deleted
     * @param after the entity after, or null if it was deleted
     * @param at when it changed
     * @param showChanges whether previous values are told
     */
    public record Changed(@Nullable Entity before, @Nullable Entity after, Instant at, boolean showChanges) {

        private Entity latest() {
            return Objects.requireNonNull(after != null ? after : before, "there is an entity before or after");
        }

        private Map<String, List<Shown>> instances() {
            Map<String, List<Shown>> shown = new LinkedHashMap<>();
            if (after != null) {
                after.attributes()
                        .forEach((iri, instances) -> shown.put(iri, changed(iri, instances, before, showChanges)));
            }
            if (before != null) {
                before.attributes().forEach((iri, instances) -> {
                    for (Attribute then : instances) {
                        if (after == null || after.instance(iri, then.meta().datasetId()) == null) {
                            shown.computeIfAbsent(iri, i -> new ArrayList<>())
                                    .add(new Shown(then, showChanges ? then : null, at));
                        }
                    }
                });
            }
            return shown;
        }
    }

    /**
     * Writes a changed entity for a notification (clause 5.8.6): attribute instances that were deleted are shown as NGSI-LD Null.
     *
     * @param join how the entities it links to are shown within, or null: not at all
     */
    public void writeChange(JsonWriter out, Changed change, RepresentationOptions options, @Nullable Join join) {
        Entity entity = change.latest();
        new Rendering(out, options, join, Set.of(entity.id()))
                .entity(entity, change.instances(), change.after() == null ? change.at() : null);
    }

    private static List<Shown> changed(
            String iri, List<Attribute> instances, @Nullable Entity before, boolean showChanges) {
        List<Shown> shown = new ArrayList<>();
        for (Attribute now : instances) {
            Attribute then = before == null || !showChanges
                    ? null
                    : before.instance(iri, now.meta().datasetId());
            shown.add(new Shown(now, then == now || isSameValue(then, now) ? null : then, null));
        }
        return shown;
    }

    private static boolean isSameValue(@Nullable Attribute then, Attribute now) {
        return then != null && then.with(now.meta()).equals(now);
    }

    private static void render(JsonWriter out, Entity entity, RepresentationOptions options, @Nullable Join join) {
        new Rendering(out, options, join, Set.of(entity.id())).entity(entity, null, null);
    }

    /** The writing of one entity and, within it, those it links to. */
    private static final class Rendering {
        private final JsonWriter out;
        private final RepresentationOptions options;
        private final Context context;
        private final @Nullable Join join;
        private final Set<String> onTheWay;

        Rendering(JsonWriter out, RepresentationOptions options, @Nullable Join join, Set<String> onTheWay) {
            this.out = out;
            this.options = options;
            this.context = options.context();
            this.join = join;
            this.onTheWay = onTheWay;
        }

        void entity(Entity entity, @Nullable Map<String, List<Shown>> changes, @Nullable Instant deletedAt) {
            out.beginObject();
            Projection projection = options.projection();
            if (projection.keeps("id")) {
                out.member("id", entity.id());
            }
            GeoJson geoJson = options.geoJson();
            if (geoJson == null) {
                members(entity, changes, deletedAt);
            } else {
                out.member("type", "Feature").name("geometry");
                geometry(entity, geoJson);
                out.name("properties").beginObject();
                members(entity, changes, deletedAt);
                out.endObject();
            }
            if (options.contextInBody()) {
                out.member("@context", context.source());
            }
            out.endObject();
        }

        private void geometry(Entity entity, GeoJson geoJson) {
            if (entity.instance(geoJson.geometryProperty(), geoJson.datasetId()) instanceof Attribute.GeoProperty g) {
                out.value(g.value().geoJson());
            } else {
                out.nul();
            }
        }

        private void members(Entity entity, @Nullable Map<String, List<Shown>> changes, @Nullable Instant deletedAt) {
            Projection projection = options.projection();
            AttributeWriter attributes = new AttributeWriter(out, options, links(), false);
            if (projection.keeps("type")) {
                out.name("type");
                attributes.texts(entity.types().stream().map(context::compact).toList());
            }
            if (!entity.scopes().isEmpty() && projection.keeps("scope")) {
                out.name("scope");
                attributes.texts(entity.scopes());
            }
            if (options.sysAttrs()) {
                time("createdAt", entity.createdAt());
                time("modifiedAt", entity.modifiedAt());
                time("expiresAt", entity.expiresAt());
            }
            time("deletedAt", deletedAt);
            if (changes != null) {
                changes.forEach((iri, shown) -> attribute(attributes, iri, shown));
            } else {
                entity.attributes()
                        .forEach((iri, instances) -> attribute(
                                attributes,
                                iri,
                                instances.stream().map(Shown::of).toList()));
            }
        }

        private void attribute(AttributeWriter attributes, String iri, List<Shown> instances) {
            if (!options.projection().keeps(iri)) {
                return;
            }
            Set<String> datasets = options.datasetIds();
            attributes.member(
                    iri,
                    datasets.isEmpty()
                            ? instances
                            : instances.stream()
                                    .filter(s -> datasets.contains(datasetName(s)))
                                    .toList());
        }

        private static String datasetName(Shown shown) {
            String id = shown.attribute().meta().datasetId();
            return id == null ? "@none" : id;
        }

        private void time(String name, @Nullable Instant time) {
            if (time != null && options.projection().keeps(name)) {
                out.name(name).time(time);
            }
        }

        private AttributeWriter.@Nullable Links links() {
            if (join == null || join.levels() < 1) {
                return null;
            }
            return new AttributeWriter.Links() {
                @Override
                public @Nullable Entity follow(String object) {
                    return onTheWay.contains(object) ? null : join.entities().find(object);
                }

                @Override
                public void write(JsonWriter writer, String relationshipIri, Entity entity) {
                    Set<String> way = new HashSet<>(onTheWay);
                    way.add(entity.id());
                    RepresentationOptions inside = options.withProjection(
                                    options.projection().linked(relationshipIri))
                            .withGeoJson(null)
                            .withDatasetIds(Set.of())
                            .withContextInBody(false);
                    new Rendering(writer, inside, new Join(join.entities(), join.levels() - 1), way)
                            .entity(entity, null, null);
                }
            };
        }
    }
}
