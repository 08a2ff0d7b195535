package de.freiraum.http;

import de.freiraum.broker.Target;
import de.freiraum.broker.temporal.TemporalOperations;
import de.freiraum.federation.Federation;
import de.freiraum.http.DistributedChanges.Request;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.registration.Operation;
import de.freiraum.representation.Names;
import de.freiraum.representation.TemporalReader;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Changing temporal evolutions, here and at the sources that have a part in them (clauses 5.6.11 to 5.6.16 and 6.18 to 6.22). */
final class TemporalChanges {
    private static final String ENTITIES = "/temporal/entities";
    private static final String ENTITY = ENTITIES + "/{entityId}";
    private static final String ATTRIBUTES = ENTITY + "/attrs";
    private static final String ATTRIBUTE = ATTRIBUTES + "/{attrId}";
    private static final String INSTANCE = ATTRIBUTE + "/{instanceId}";

    private final TemporalOperations operations;
    private final DistributedChanges distributed;

    TemporalChanges(TemporalOperations operations, Federation federation) {
        this.operations = operations;
        this.distributed = new DistributedChanges(federation);
    }

    List<ApiRoute> routes() {
        return List.of(
                ApiRoute.post(ENTITIES, "upsertTemporal", this::upsert)
                        .with("local")
                        .creatingTenant(),
                ApiRoute.delete(ENTITY, "deleteTemporal", this::delete).with("local"),
                ApiRoute.post(ATTRIBUTES, "appendAttrsTemporal", this::append).with("local"),
                ApiRoute.delete(ATTRIBUTE, "deleteAttrsTemporal", this::deleteAttribute)
                        .with("datasetId", "deleteAll", "local"),
                ApiRoute.patch(INSTANCE, "updateAttrInstanceTemporal", this::modify)
                        .with("local"),
                ApiRoute.delete(INSTANCE, "deleteAttrInstanceTemporal", this::deleteInstance)
                        .with("local"));
    }

    private Future<Answer> upsert(RequestContext request) {
        request.parameters().flag("local");
        return request.document().compose(body -> {
            EntityFragment fragment = TemporalReader.read(body.value(), body.context());
            String id = fragment.id();
            if (id == null) {
                throw NgsiLdException.badRequest("the entity has no \"id\"");
            }
            Answer created = Answer.created(ApiRouter.BASE + ENTITIES + "/" + PercentCoding.encodeSegment(id));
            AtomicBoolean here = new AtomicBoolean();
            return distributed.change(
                    request,
                    new Request(
                            Operation.upsertTemporal,
                            id,
                            fragment.types(),
                            fragment.attributes().keySet(),
                            ENTITIES,
                            null,
                            "",
                            body.value(),
                            body.context(),
                            local -> operations
                                    .upsertEvolution(request.caller(), fragment.keeping(local))
                                    .map(done -> {
                                        here.set(done);
                                        return UpdateResult.EMPTY;
                                    }),
                            elsewhere -> here.get() || elsewhere ? created : Answer.noContent()));
        });
    }

    private Future<Answer> append(RequestContext request) {
        Target target = target(request);
        return request.document().compose(body -> {
            EntityFragment fragment = TemporalReader.read(body.value(), body.context());
            if (fragment.id() != null && !fragment.id().equals(target.entityId())) {
                throw NgsiLdException.badRequest("the body has another id than the path");
            }
            return distributed.change(
                    request,
                    new Request(
                            Operation.appendAttrsTemporal,
                            target.entityId(),
                            fragment.types(),
                            fragment.attributes().keySet(),
                            pathOf(target) + "/attrs/",
                            null,
                            "",
                            body.value(),
                            body.context(),
                            local -> operations
                                    .appendAttributes(request.caller(), target, fragment.keeping(local))
                                    .map(UpdateResult.EMPTY),
                            elsewhere -> Answer.noContent()));
        });
    }

    private Future<Answer> delete(RequestContext request) {
        Target target = target(request);
        return request.context()
                .compose(context -> distributed.change(
                        request,
                        new Request(
                                Operation.deleteTemporal,
                                target.entityId(),
                                List.of(),
                                null,
                                pathOf(target),
                                null,
                                "",
                                null,
                                context,
                                local -> operations
                                        .deleteEvolution(request.caller(), target)
                                        .map(UpdateResult.EMPTY),
                                elsewhere -> Answer.noContent())));
    }

    private Future<Answer> deleteAttribute(RequestContext request) {
        Target target = target(request);
        String datasetId = request.parameters().text("datasetId");
        String dataset = datasetId == null || datasetId.equals(EntityQuery.DEFAULT_INSTANCE)
                ? null
                : Names.uri(datasetId, "datasetId");
        boolean all = request.parameters().flag("deleteAll");
        return request.context().compose(context -> {
            String attribute = attribute(request, context);
            return ofAttribute(
                    request,
                    Operation.deleteAttrsTemporal,
                    target,
                    attribute,
                    "",
                    null,
                    context,
                    () -> operations.deleteAttribute(request.caller(), target, attribute, dataset, all));
        });
    }

    private Future<Answer> modify(RequestContext request) {
        Target target = target(request);
        String instanceId = instanceId(request);
        return request.document().compose(body -> {
            String attribute = attribute(request, body.context());
            Attribute instance = TemporalReader.readInstance(request.path("attrId"), body.value(), body.context());
            return ofAttribute(
                    request,
                    Operation.updateAttrInstanceTemporal,
                    target,
                    attribute,
                    "/" + PercentCoding.encodeSegment(instanceId),
                    body.value(),
                    body.context(),
                    () -> operations.modifyInstance(request.caller(), target, attribute, instanceId, instance));
        });
    }

    private Future<Answer> deleteInstance(RequestContext request) {
        Target target = target(request);
        String instanceId = instanceId(request);
        return request.context().compose(context -> {
            String attribute = attribute(request, context);
            return ofAttribute(
                    request,
                    Operation.deleteAttrInstanceTemporal,
                    target,
                    attribute,
                    "/" + PercentCoding.encodeSegment(instanceId),
                    null,
                    context,
                    () -> operations.deleteInstance(request.caller(), target, attribute, instanceId));
        });
    }

    private Future<Answer> ofAttribute(
            RequestContext request,
            Operation operation,
            Target target,
            String attribute,
            String instance,
            Value.@Nullable Obj body,
            Context context,
            Supplier<Future<Void>> local) {
        return distributed.change(
                request,
                new Request(
                        operation,
                        target.entityId(),
                        List.of(),
                        Set.of(attribute),
                        pathOf(target) + "/attrs/",
                        attribute,
                        instance,
                        body,
                        context,
                        here -> local.get().map(UpdateResult.EMPTY),
                        elsewhere -> Answer.noContent()));
    }

    private static String pathOf(Target target) {
        return ENTITIES + "/" + PercentCoding.encodeSegment(target.entityId());
    }

    static Target target(RequestContext request) {
        request.parameters().flag("local");
        return Target.of(request.path("entityId"));
    }

    private static String attribute(RequestContext request, Context context) {
        String iri = context.expand(Names.name(request.path("attrId"), "attribute name"));
        if (iri.startsWith("@")) {
            throw NgsiLdException.badRequest("id and type are members of the entity, not attributes");
        }
        return iri;
    }

    private static String instanceId(RequestContext request) {
        return Names.uri(request.path("instanceId"), "the instance's id in the path");
    }
}
