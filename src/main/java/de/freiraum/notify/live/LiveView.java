package de.freiraum.notify.live;

import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Entity;
import de.freiraum.query.Projection;
import de.freiraum.representation.EntityWriter;
import de.freiraum.representation.RepresentationOptions;
import de.freiraum.representation.RepresentationOptions.Form;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a client reads entities: with which names, in which form, and which of their members. Immutable. */
final class LiveView {
    /** Whoever names no context gets the short names of the vocabulary that the entity's type is from. */
    private static final List<Context> VOCABULARIES = List.of(
            BuiltInContexts.named("parking"), BuiltInContexts.named("footfall"), BuiltInContexts.named("device"));

    private final EntityWriter writer;
    private final @Nullable Context context;
    private final Form form;
    private final Projection projection;

    /**
     * A view.
     *
     * @param context for all entities; null: that of each one's vocabulary
     */
    LiveView(EntityWriter writer, @Nullable Context context, Form form, Projection projection) {
        this.writer = writer;
        this.context = context;
        this.form = form;
        this.projection = projection;
    }

    /** What almost all clients want: every member, concise, with usual names. */
    static LiveView usual(EntityWriter writer) {
        return new LiveView(writer, null, Form.CONCISE, Projection.ALL);
    }

    /** The IRI of a name in a filter when no context is named. */
    static String expand(String name) {
        for (Context vocabulary : VOCABULARIES) {
            if (vocabulary.term(name) != null) {
                return vocabulary.expand(name);
            }
        }
        return BuiltInContexts.core().expand(name);
    }

    /**
     * The bytes of an event.
     *
     * @param id of the event; null: the client's position stays where it is
     * @param left whether the entity no longer is what the client asked for
     */
    Buffer event(@Nullable String id, LiveEvent event, boolean left) {
        JsonWriter json = new JsonWriter(1024);
        json.beginObject()
                .member("tenant", event.tenant().name())
                .member("id", event.entity().id())
                .name("deleted")
                .bool(event.deleted());
        if (left) {
            json.name("left").bool(true);
        }
        json.name("entity")
                .raw(writer.write(event.entity(), options(event.entity())))
                .endObject();
        return Buffer.buffer("event: entity\n" + (id == null ? "" : "id: " + id + "\n") + "data: ")
                .appendBytes(json.toBytes())
                .appendString("\n\n");
    }

    private RepresentationOptions options(Entity entity) {
        return RepresentationOptions.of(context == null ? vocabulary(entity) : context)
                .withForm(form)
                .withProjection(projection);
    }

    private static Context vocabulary(Entity entity) {
        for (String type : entity.types()) {
            for (Context vocabulary : VOCABULARIES) {
                if (!vocabulary.compact(type).equals(type)) {
                    return vocabulary;
                }
            }
        }
        return BuiltInContexts.core();
    }
}
