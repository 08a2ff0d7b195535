package de.freiraum.notify.live;

import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.GeoQueryParser;
import de.freiraum.query.Projection;
import de.freiraum.query.QParser;
import de.freiraum.query.ScopeQueryParser;
import de.freiraum.query.TextPattern;
import de.freiraum.query.TypeSelectionParser;
import de.freiraum.representation.EntityWriter;
import de.freiraum.representation.Names;
import de.freiraum.representation.RepresentationOptions.Form;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one client wants to see.
 *
 * @param readable tenants that it may read
 * @param tenants of these, those that it wants; empty: all
 * @param query which entities
 * @param site URI of an entity: itself, and what has a Relationship to it; or null
 * @param view how they are shown
 */
record LiveFilter(
        Predicate<Tenant> readable,
        Set<Tenant> tenants,
        EntityQuery query,
        @Nullable String site,
        LiveView view) {
    private static final int MAX_NAMES = 100;
    private static final Set<String> PARAMETERS = new TreeSet<>(Set.of(
            "tenant",
            "type",
            "id",
            "idPattern",
            "site",
            "q",
            "scopeQ",
            "georel",
            "geometry",
            "coordinates",
            "geoproperty",
            "attrs",
            "pick",
            "omit",
            "format",
            "options"));

    /**
     * Reads the parameters; several times the same one counts as a list.
     *
     * @param usual the view when nothing is said
     * @param tenantHeader the tenant that a header names, or null
     * @throws NgsiLdException naming what is wrong
     */
    static LiveFilter of(
            MultiMap parameters,
            @Nullable String tenantHeader,
            Predicate<Tenant> readable,
            @Nullable Context context,
            EntityWriter writer,
            LiveView usual) {
        for (String name : parameters.names()) {
            if (!PARAMETERS.contains(name)) {
                throw NgsiLdException.invalid("the live feed knows the parameters " + String.join(", ", PARAMETERS));
            }
        }
        UnaryOperator<String> expand = context == null ? LiveView::expand : context::expand;
        Set<Tenant> tenants = new HashSet<>();
        for (String name : names(parameters, "tenant")) {
            tenants.add(name.equals("default") ? Tenant.DEFAULT : new Tenant(name));
        }
        if (tenants.isEmpty() && tenantHeader != null) {
            tenants.add(new Tenant(tenantHeader));
        }
        if (!tenants.stream().allMatch(readable)) {
            throw new NgsiLdException(ErrorType.Unauthorized, "tenant: reading this one needs another API key");
        }
        Set<String> ids = new HashSet<>(names(parameters, "id"));
        ids.forEach(id -> Names.uri(id, "id"));
        Set<String> attributes = new TreeSet<>();
        names(parameters, "attrs").forEach(name -> attributes.add(expand.apply(Names.name(name, "attrs"))));
        String type = list(parameters, "type");
        String pattern = parameters.get("idPattern");
        String q = parameters.get("q");
        String scopeQ = parameters.get("scopeQ");
        EntityQuery query = EntityQuery.ALL
                .withTypes(type == null ? null : TypeSelectionParser.parse(type, expand))
                .withIds(ids)
                .withIdPattern(pattern == null ? null : TextPattern.of("idPattern", pattern))
                .withAttributes(attributes)
                .withQ(q == null ? null : QParser.parse(q, expand))
                .withScopeQ(scopeQ == null ? null : ScopeQueryParser.parse(scopeQ))
                .withGeo(GeoQueryParser.parse(
                        parameters.get("georel"),
                        parameters.get("geometry"),
                        parameters.get("coordinates"),
                        parameters.get("geoproperty"),
                        text -> JsonReader.read(text.getBytes(StandardCharsets.UTF_8)),
                        expand));
        if (query.linkedDepth() > 0) {
            throw NgsiLdException.badRequest("q: the live feed does not follow Relationships to linked entities");
        }
        return new LiveFilter(
                readable,
                tenants,
                query,
                parameters.get("site"),
                view(parameters, attributes, context, expand, writer, usual));
    }

    private static LiveView view(
            MultiMap parameters,
            Set<String> attributes,
            @Nullable Context context,
            UnaryOperator<String> expand,
            EntityWriter writer,
            LiveView usual) {
        String pick = list(parameters, "pick");
        String omit = list(parameters, "omit");
        if (!attributes.isEmpty() && (pick != null || omit != null)) {
            throw NgsiLdException.badRequest("attrs: not allowed together with pick and omit");
        }
        Projection projection =
                attributes.isEmpty() ? Projection.parse(pick, omit, expand) : Projection.ofAttributes(attributes);
        String format = parameters.get("format") == null ? parameters.get("options") : parameters.get("format");
        if (context == null && format == null && projection.equals(Projection.ALL)) {
            return usual;
        }
        return new LiveView(writer, context, form(format), projection);
    }

    private static Form form(@Nullable String format) {
        if (format == null) {
            return Form.CONCISE;
        }
        return switch (format) {
            case "normalized" -> Form.NORMALIZED;
            case "concise" -> Form.CONCISE;
            case "simplified", "keyValues" -> Form.SIMPLIFIED;
            default ->
                throw NgsiLdException.invalid("format: allowed are normalized, concise, simplified and keyValues");
        };
    }

    /** A parameter that is a list, with commas or repeated; null if there is none. */
    private static @Nullable String list(MultiMap parameters, String name) {
        List<String> all =
                parameters.getAll(name).stream().filter(text -> !text.isBlank()).toList();
        return all.isEmpty() ? null : String.join(",", all);
    }

    private static List<String> names(MultiMap parameters, String name) {
        String all = list(parameters, name);
        List<String> names = all == null
                ? List.of()
                : Arrays.stream(all.split(",")).filter(text -> !text.isBlank()).toList();
        if (names.size() > MAX_NAMES) {
            throw NgsiLdException.invalid(name + ": at most " + MAX_NAMES + " names are allowed");
        }
        return names;
    }

    /** Whether the client sees anything of a tenant. */
    boolean wants(Tenant tenant) {
        return (tenants.isEmpty() || tenants.contains(tenant)) && readable.test(tenant);
    }

    /** Whether an entity is one of those asked for. */
    boolean matches(Entity entity) {
        return query.matches(entity) && (site == null || belongsTo(entity, site));
    }

    /** Whether an entity of which only URI and types are known may have been one of those asked for. */
    boolean mayHaveMatched(String id, List<String> types) {
        return (query.types() == null || query.types().matches(types)) && query.matchesId(id);
    }

    private static boolean belongsTo(Entity entity, String site) {
        if (entity.id().equals(site)) {
            return true;
        }
        for (List<Attribute> instances : entity.attributes().values()) {
            for (Attribute instance : instances) {
                if (instance instanceof Attribute.Relationship r && r.objects().contains(site)) {
                    return true;
                }
            }
        }
        return false;
    }
}
