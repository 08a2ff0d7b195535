package de.freiraum.http;

import de.freiraum.broker.DiscoveryOperations;
import de.freiraum.broker.DiscoveryOperations.AttributeInformation;
import de.freiraum.broker.DiscoveryOperations.CountedAttribute;
import de.freiraum.federation.Federation;
import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.store.EntityStore.AttributeSummary;
import de.freiraum.store.EntityStore.TypeSummary;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code /types} and {@code /attributes} (clauses 6.25 to 6.28). */
public final class DiscoveryRoutes {
    private final DistributedDiscovery discovery;
    private final Supplier<String> ids;

    /**
     * Routes to those operations.
     *
     * @param federation asks other brokers for what they have
     * @param ids makes unique ids, for the lists' URIs
     */
    public DiscoveryRoutes(DiscoveryOperations operations, Federation federation, Supplier<String> ids) {
        this.discovery = new DistributedDiscovery(operations, federation);
        this.ids = ids;
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        return List.of(
                ApiRoute.get("/types", "retrieveEntityTypes", this::types).with("details", "local"),
                ApiRoute.get("/types/{type}", "retrieveEntityTypeInfo", this::type)
                        .with("local"),
                ApiRoute.get("/attributes", "retrieveAttributeTypes", this::attributes)
                        .with("details", "local"),
                ApiRoute.get("/attributes/{attrId}", "retrieveAttributeTypeInfo", this::attribute)
                        .with("local"));
    }

    private Future<Answer> types(RequestContext request) {
        boolean details = request.parameters().flag("details");
        return request.context()
                .compose(context -> discovery.types(request, context, details, all -> {
                    List<TypeSummary> types =
                            all.stream().map(t -> seen(request, t)).toList();
                    if (details) {
                        return Responses.array(
                                request,
                                context,
                                types.stream().map(t -> entityType(t, context)).toList());
                    }
                    List<String> iris = types.stream().map(TypeSummary::type).toList();
                    return Responses.object(request, context, list("EntityTypeList", "typeList", iris, context));
                }));
    }

    private Future<Answer> type(RequestContext request) {
        String name = request.path("type");
        return request.context()
                .compose(context -> discovery.type(
                        request,
                        context,
                        context.expand(named(name, "type")),
                        type -> Responses.object(request, context, entityTypeInfo(seen(request, type), context))));
    }

    private Future<Answer> attributes(RequestContext request) {
        boolean details = request.parameters().flag("details");
        return request.context()
                .compose(context -> discovery.attributes(request, context, details, all -> {
                    Set<String> hidden = request.caller().hiddenAttributes();
                    List<AttributeInformation> attributes =
                            all.stream().filter(a -> !hidden.contains(a.iri())).toList();
                    if (details) {
                        return Responses.array(
                                request,
                                context,
                                attributes.stream()
                                        .map(a -> attributeWithTypes(a, context))
                                        .toList());
                    }
                    List<String> iris =
                            attributes.stream().map(AttributeInformation::iri).toList();
                    return Responses.object(request, context, list("AttributeList", "attributeList", iris, context));
                }));
    }

    private Future<Answer> attribute(RequestContext request) {
        String name = request.path("attrId");
        return request.context()
                .compose(context -> discovery.attribute(
                        request,
                        context,
                        request.names(context).apply(named(name, "attribute")),
                        a -> Responses.object(request, context, attribute(a, context))));
    }

    private static TypeSummary seen(RequestContext request, TypeSummary type) {
        Set<String> hidden = request.caller().hiddenAttributes();
        if (hidden.stream().noneMatch(type.attributes()::containsKey)) {
            return type;
        }
        Map<String, AttributeSummary> left = new LinkedHashMap<>(type.attributes());
        left.keySet().removeAll(hidden);
        return new TypeSummary(type.type(), type.entities(), left);
    }

    private static String named(String name, String what) {
        if (name.isEmpty()) {
            throw NgsiLdException.badRequest("the path lacks the " + what + "'s name");
        }
        return name;
    }

    private Value.Obj list(String type, String member, List<String> iris, Context context) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("id", Value.of("urn:ngsi-ld:" + type + ":" + ids.get()));
        members.put("type", Value.of(type));
        members.put(member, compacted(iris, context));
        return new Value.Obj(members);
    }

    private static Value.Obj entityType(TypeSummary type, Context context) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("id", Value.of(type.type()));
        members.put("type", Value.of("EntityType"));
        members.put("typeName", Value.of(context.compact(type.type())));
        members.put("attributeNames", compacted(new TreeMap<>(type.attributes()).keySet(), context));
        return new Value.Obj(members);
    }

    private static Value.Obj entityTypeInfo(TypeSummary type, Context context) {
        List<Value> details = new ArrayList<>();
        for (Map.Entry<String, AttributeSummary> attribute : new TreeMap<>(type.attributes()).entrySet()) {
            Map<String, Value> members = head(attribute.getKey(), context);
            members.put(
                    "attributeTypes",
                    Value.ofTexts(attribute.getValue().kinds().stream().sorted().toList()));
            details.add(new Value.Obj(members));
        }
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("id", Value.of(type.type()));
        members.put("type", Value.of("EntityTypeInfo"));
        members.put("typeName", Value.of(context.compact(type.type())));
        members.put("entityCount", Value.of(type.entities()));
        members.put("attributeDetails", new Value.Array(details));
        return new Value.Obj(members);
    }

    private static Value.Obj attributeWithTypes(AttributeInformation attribute, Context context) {
        Map<String, Value> members = head(attribute.iri(), context);
        members.put("typeNames", compacted(attribute.types(), context));
        return new Value.Obj(members);
    }

    private static Value.Obj attribute(CountedAttribute counted, Context context) {
        AttributeInformation attribute = counted.information();
        Map<String, Value> members = head(attribute.iri(), context);
        members.put("attributeCount", Value.of(counted.instances()));
        members.put("attributeTypes", Value.ofTexts(List.copyOf(attribute.kinds())));
        members.put("typeNames", compacted(attribute.types(), context));
        return new Value.Obj(members);
    }

    private static Map<String, Value> head(String iri, Context context) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("id", Value.of(iri));
        members.put("type", Value.of("Attribute"));
        members.put("attributeName", Value.of(context.compact(iri)));
        return members;
    }

    private static Value compacted(Collection<String> iris, Context context) {
        return Value.ofTexts(iris.stream().map(context::compact).toList());
    }
}
