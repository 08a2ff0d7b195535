package de.freiraum.http;

import de.freiraum.broker.EntityOperations;
import de.freiraum.broker.EntityOperations.AttributeInstances;
import de.freiraum.broker.EntityOperations.Existing;
import de.freiraum.broker.Target;
import de.freiraum.federation.Federation;
import de.freiraum.http.DistributedChanges.Request;
import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.MergeOptions;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.query.TypeSelection;
import de.freiraum.query.TypeSelectionParser;
import de.freiraum.registration.Operation;
import de.freiraum.representation.EntityReader;
import de.freiraum.representation.Names;
import de.freiraum.representation.ReadMode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Changing one entity: {@code /entities}, {@code /entities/{entityId}} and below (clauses 6.4 to 6.7). */
public final class EntityRoutes {
    private static final String ENTITY = "/entities/{entityId}";
    private static final String ATTRIBUTES = "/entities/{entityId}/attrs";
    private static final String ATTRIBUTE = "/entities/{entityId}/attrs/{attrId}";
    private static final String DEFAULT_INSTANCE = "@none";
    private static final Set<String> SIMPLIFIED = Set.of("simplified", "keyValues");

    private final EntityOperations operations;
    private final DistributedChanges distributed;

    /** Routes to those operations. */
    public EntityRoutes(EntityOperations operations, Federation federation) {
        this.operations = operations;
        this.distributed = new DistributedChanges(federation);
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        return List.of(
                ApiRoute.post("/entities", "createEntity", this::create)
                        .with("local")
                        .creatingTenant(),
                ApiRoute.put(ENTITY, "replaceEntity", this::replace).with("type", "local"),
                ApiRoute.patch(ENTITY, "mergeEntity", this::merge)
                        .with("format", "lang", "observedAt", "options", "type", "local"),
                ApiRoute.delete(ENTITY, "deleteEntity", this::delete).with("type", "local"),
                ApiRoute.post(ATTRIBUTES, "appendAttributes", this::append).with("options", "type", "local"),
                ApiRoute.patch(ATTRIBUTES, "updateAttributes", this::update).with("type", "local"),
                ApiRoute.patch(ATTRIBUTE, "partialAttributeUpdate", this::updateAttribute)
                        .with("type", "local"),
                ApiRoute.put(ATTRIBUTE, "replaceAttribute", this::replaceAttribute)
                        .with("type", "local"),
                ApiRoute.delete(ATTRIBUTE, "deleteAttribute", this::deleteAttribute)
                        .with("datasetId", "deleteAll", "type", "local"));
    }

    private Future<Answer> create(RequestContext request) {
        request.parameters().flag("local");
        return request.document().compose(body -> {
            EntityFragment fragment = EntityReader.read(body.value(), body.context(), ReadMode.CREATE);
            String id = Objects.requireNonNull(fragment.id(), "an entity to create has an id");
            Answer created = Answer.created(ApiRouter.BASE + "/entities/" + PercentCoding.encodeSegment(id));
            return distributed.change(
                    request,
                    new Request(
                            Operation.createEntity,
                            id,
                            fragment.types(),
                            fragment.attributes().keySet(),
                            "/entities",
                            null,
                            "",
                            body.value(),
                            body.context(),
                            here -> operations
                                    .createEntity(request.caller(), fragment.keeping(here))
                                    .map(UpdateResult.EMPTY),
                            elsewhere -> created));
        });
    }

    /** A change of the entity in the path. */
    private Future<Answer> change(
            RequestContext request,
            Operation operation,
            RequestContext.Document body,
            Target target,
            EntityFragment fragment,
            String below,
            Function<EntityFragment, Future<UpdateResult>> local) {
        return distributed.change(
                request,
                new Request(
                        operation,
                        target.entityId(),
                        fragment.types(),
                        fragment.attributes().keySet(),
                        pathOf(target) + below,
                        null,
                        "",
                        body.value(),
                        body.context(),
                        here -> local.apply(fragment.keeping(here)),
                        elsewhere -> Answer.noContent()));
    }

    /** A change of the attribute in the path. */
    private Future<Answer> change(
            RequestContext request,
            Operation operation,
            Value.@Nullable Obj body,
            Context context,
            Target target,
            String attribute,
            Supplier<Future<UpdateResult>> local) {
        return distributed.change(
                request,
                new Request(
                        operation,
                        target.entityId(),
                        List.of(),
                        Set.of(attribute),
                        pathOf(target) + "/attrs/",
                        attribute,
                        "",
                        body,
                        context,
                        here -> local.get(),
                        elsewhere -> Answer.noContent()));
    }

    private static String pathOf(Target target) {
        return "/entities/" + PercentCoding.encodeSegment(target.entityId());
    }

    private Future<Answer> replace(RequestContext request) {
        return request.document().compose(body -> {
            Target target = target(request, body.context());
            EntityFragment fragment = EntityReader.read(body.value(), body.context(), ReadMode.APPEND);
            requireSameId(target, fragment);
            return change(
                    request,
                    Operation.replaceEntity,
                    body,
                    target,
                    fragment,
                    "",
                    here -> operations.replaceEntity(request.caller(), target, here));
        });
    }

    private Future<Answer> merge(RequestContext request) {
        boolean simplified = isSimplified(request.parameters());
        String lang = language(request.parameters());
        var observedAt = request.parameters().time("observedAt");
        return request.document().compose(body -> {
            Context context = body.context();
            Target target = target(request, context);
            EntityFragment fragment = simplified
                    ? EntityReader.readSimplified(body.value(), context, ReadMode.MERGE)
                    : EntityReader.read(body.value(), context, ReadMode.MERGE);
            requireSameId(target, fragment);
            MergeOptions options = new MergeOptions(simplified, lang, observedAt, context::expand);
            return change(
                    request,
                    Operation.mergeEntity,
                    body,
                    target,
                    fragment,
                    "",
                    here -> operations.mergeEntity(request.caller(), target, here, options));
        });
    }

    private static @Nullable String language(Parameters parameters) {
        String lang = parameters.text("lang");
        if (lang != null && !lang.equals(DEFAULT_INSTANCE) && !Names.isLanguageTag(lang)) {
            throw NgsiLdException.badRequest("lang: expected one language tag, such as de or fr-CH");
        }
        return lang;
    }

    private static boolean isSimplified(Parameters parameters) {
        Set<String> options = parameters.options(SIMPLIFIED);
        String format = parameters.text("format");
        if (format != null && !SIMPLIFIED.contains(format)) {
            throw NgsiLdException.invalid("format: allowed here are simplified and keyValues");
        }
        return format != null || !options.isEmpty();
    }

    private Future<Answer> delete(RequestContext request) {
        return request.context().compose(context -> {
            Target target = target(request, context);
            return distributed.change(
                    request,
                    new Request(
                            Operation.deleteEntity,
                            target.entityId(),
                            List.of(),
                            null,
                            pathOf(target),
                            null,
                            "",
                            null,
                            context,
                            here -> operations.deleteEntity(request.caller(), target),
                            elsewhere -> Answer.noContent()));
        });
    }

    private Future<Answer> append(RequestContext request) {
        Existing existing =
                request.parameters().options(Set.of("noOverwrite")).isEmpty() ? Existing.OVERWRITTEN : Existing.KEPT;
        return request.document().compose(body -> {
            Target target = target(request, body.context());
            EntityFragment fragment = EntityReader.read(body.value(), body.context(), ReadMode.APPEND);
            requireSameId(target, fragment);
            return change(
                    request,
                    Operation.appendAttrs,
                    body,
                    target,
                    fragment,
                    "/attrs/",
                    here -> operations.appendAttributes(request.caller(), target, here, existing));
        });
    }

    private Future<Answer> update(RequestContext request) {
        return request.document().compose(body -> {
            Target target = target(request, body.context());
            EntityFragment fragment = EntityReader.read(body.value(), body.context(), ReadMode.UPDATE);
            requireSameId(target, fragment);
            return change(
                    request,
                    Operation.updateEntity,
                    body,
                    target,
                    fragment,
                    "/attrs/",
                    here -> operations.updateAttributes(request.caller(), target, here));
        });
    }

    private Future<Answer> updateAttribute(RequestContext request) {
        return request.document().compose(body -> {
            Target target = target(request, body.context());
            String attribute = attribute(request, body.context());
            Attribute instance =
                    EntityReader.readInstance(request.path("attrId"), body.value(), body.context(), ReadMode.PARTIAL);
            return change(
                    request,
                    Operation.updateAttrs,
                    body.value(),
                    body.context(),
                    target,
                    attribute,
                    () -> operations.partialAttributeUpdate(request.caller(), target, attribute, instance));
        });
    }

    private Future<Answer> replaceAttribute(RequestContext request) {
        return request.document().compose(body -> {
            Target target = target(request, body.context());
            String attribute = attribute(request, body.context());
            Attribute instance =
                    EntityReader.readInstance(request.path("attrId"), body.value(), body.context(), ReadMode.APPEND);
            return change(
                    request,
                    Operation.replaceAttrs,
                    body.value(),
                    body.context(),
                    target,
                    attribute,
                    () -> operations.replaceAttribute(request.caller(), target, attribute, instance));
        });
    }

    private Future<Answer> deleteAttribute(RequestContext request) {
        String datasetId = request.parameters().text("datasetId");
        AttributeInstances instances = new AttributeInstances(
                datasetId == null || datasetId.equals(DEFAULT_INSTANCE) ? null : Names.uri(datasetId, "datasetId"),
                request.parameters().flag("deleteAll"));
        return request.context().compose(context -> {
            Target target = target(request, context);
            String attribute = attribute(request, context);
            return change(
                    request,
                    Operation.deleteAttrs,
                    null,
                    context,
                    target,
                    attribute,
                    () -> operations.deleteAttribute(request.caller(), target, attribute, instances));
        });
    }

    /** The entity in the path, restricted to the types that the request selects. */
    static Target target(RequestContext request, Context context) {
        request.parameters().flag("local");
        return new Target(request.path("entityId"), types(request.parameters(), context));
    }

    private static @Nullable TypeSelection types(Parameters parameters, Context context) {
        String type = parameters.text("type");
        return type == null ? null : TypeSelectionParser.parse(type, context::expand);
    }

    private static String attribute(RequestContext request, Context context) {
        return EntityReader.attributeName(request.path("attrId"), context);
    }

    private static void requireSameId(Target target, EntityFragment fragment) {
        if (fragment.id() != null && !fragment.id().equals(target.entityId())) {
            throw NgsiLdException.badRequest("the body has another id than the path");
        }
    }

    /** 207 with what was done and what was not (clause 5.2.18). */
    static Answer partly(UpdateResult result) {
        JsonWriter json = new JsonWriter();
        json.beginObject().name("updated").texts(result.updated());
        json.name("notUpdated").beginArray();
        for (UpdateResult.NotUpdatedDetails left : result.notUpdated()) {
            json.beginObject().member("attributeName", left.attribute()).member("reason", left.reason());
            if (left.registrationId() != null) {
                json.member("registrationId", left.registrationId());
            }
            json.endObject();
        }
        json.endArray().endObject();
        return Answer.of(207, MediaType.JSON.text(), Buffer.buffer(json.toBytes()));
    }
}
