package de.freiraum.http;

import de.freiraum.broker.LinkedRetrieval.Follow;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.Projection;
import de.freiraum.representation.LanguageFilter;
import de.freiraum.representation.Names;
import de.freiraum.representation.RepresentationOptions;
import de.freiraum.representation.RepresentationOptions.Form;
import de.freiraum.representation.RepresentationOptions.GeoJson;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How the entities of an answer are shown (clauses 6.3.7, 6.3.11, 6.3.15, 4.5.23).
 *
 * @param options how each entity is written
 * @param join whether and how linked entities are shown
 * @param follow how far they are looked up; null without join
 */
record EntityView(
        RepresentationOptions options, Join join, @Nullable Follow follow) {
    /** Parameters that say how entities are shown. */
    static final Set<String> SHOWING = Set.of(
            "pick",
            "omit",
            "lang",
            "datasetId",
            "geometryProperty",
            "format",
            "options",
            "join",
            "joinLevel",
            "containedBy");

    private static final Set<String> FORMS = Set.of("normalized", "concise", "simplified", "keyValues");
    private static final Set<String> OPTIONS = Set.of("normalized", "concise", "simplified", "keyValues", "sysAttrs");
    private static final int MAX_LEVELS = 100;

    /** Where linked entities are shown. */
    enum Join {
        NONE,
        INLINE,
        FLAT
    }

    /**
     * Reads how entities are to be shown.
     *
     * @param attributes IRIs of the deprecated {@code attrs}, which stand for {@code pick}; may be empty
     * @param queryDepth how many Relationships the query follows, which the join must allow
     */
    static EntityView read(
            RequestContext request, Parameters parameters, Context context, Set<String> attributes, int queryDepth) {
        Projection projection = projection(request, parameters, context, attributes);
        Join join = join(parameters);
        int levels = parameters.number("joinLevel", 1, 1, MAX_LEVELS);
        if (join == Join.NONE && (parameters.has("joinLevel") || parameters.has("containedBy"))) {
            throw NgsiLdException.badRequest("join is missing: joinLevel and containedBy need flat or inline");
        }
        int reach = join == Join.NONE ? 0 : levels;
        if (projection.linkedDepth() > reach || queryDepth > reach) {
            throw NgsiLdException.badRequest(
                    "linked entities are referred to beyond the retrieval of linked entities; set join and joinLevel");
        }
        RepresentationOptions options = options(request, parameters, context, projection);
        Follow follow = join == Join.NONE
                ? null
                : new Follow(levels, projection, options.datasetIds(), containedBy(parameters));
        return new EntityView(options, join, follow);
    }

    private static RepresentationOptions options(
            RequestContext request, Parameters parameters, Context context, Projection projection) {
        Set<String> options = parameters.options(OPTIONS);
        String lang = parameters.text("lang");
        MediaType type = request.accepted();
        boolean contextInBody = type == MediaType.JSON_LD || (type == MediaType.GEO_JSON && !linksContext(request));
        return new RepresentationOptions(
                request.shown(context),
                form(parameters, options),
                options.contains("sysAttrs"),
                lang == null ? null : LanguageFilter.parse(lang),
                projection,
                EntityQueryReader.datasets(parameters.list("datasetId")),
                geoJson(request, parameters, context),
                contextInBody);
    }

    /** Whether the context of a GeoJSON answer goes into a Link header (clause 6.3.6). */
    static boolean linksContext(RequestContext request) {
        return "json".equals(request.preference("body"));
    }

    private static Form form(Parameters parameters, Set<String> options) {
        String format = parameters.text("format");
        if (format != null && !FORMS.contains(format)) {
            throw NgsiLdException.invalid("format: allowed here are normalized, concise, simplified and keyValues");
        }
        Set<String> forms = new LinkedHashSet<>(options);
        forms.retainAll(FORMS);
        if (format == null && forms.size() > 1) {
            throw NgsiLdException.invalid("options: " + String.join(" and ", forms) + " exclude each other");
        }
        String form = format != null
                ? format
                : forms.isEmpty() ? "normalized" : forms.iterator().next();
        return switch (form) {
            case "concise" -> Form.CONCISE;
            case "simplified", "keyValues" -> Form.SIMPLIFIED;
            default -> Form.NORMALIZED;
        };
    }

    private static @Nullable GeoJson geoJson(RequestContext request, Parameters parameters, Context context) {
        String property = parameters.text("geometryProperty");
        if (request.accepted() != MediaType.GEO_JSON) {
            if (property != null) {
                throw NgsiLdException.badRequest("geometryProperty: allowed with Accept: application/geo+json only");
            }
            return null;
        }
        String iri = property == null
                ? NgsiLd.LOCATION
                : request.names(context).apply(Names.name(property, "attribute name in geometryProperty"));
        return new GeoJson(
                request.caller().hiddenAttributes().contains(iri) ? RequestContext.NOTHING : iri,
                geometryDataset(parameters.list("datasetId")));
    }

    /** The instance that gives the geometry: the default one unless only others are asked for, then the first of these (clause 4.5.16.1). */
    private static @Nullable String geometryDataset(List<String> datasets) {
        return datasets.isEmpty() || datasets.contains(EntityQuery.DEFAULT_INSTANCE) ? null : datasets.get(0);
    }

    /**
     * Which members are shown: {@code pick} and {@code omit}, or the deprecated {@code attrs}.
     *
     * @param attributes IRIs of {@code attrs}; may be empty
     */
    static Projection projection(
            RequestContext request, Parameters parameters, Context context, Set<String> attributes) {
        return projection(parameters, request.names(context), attributes)
                .hiding(request.caller().hiddenAttributes());
    }

    private static Projection projection(Parameters parameters, UnaryOperator<String> expand, Set<String> attributes) {
        String pick = parameters.text("pick");
        String omit = parameters.text("omit");
        if (!attributes.isEmpty()) {
            if (pick != null || omit != null) {
                throw NgsiLdException.badRequest("attrs: not allowed together with pick and omit, which replace it");
            }
            return Projection.ofAttributes(attributes);
        }
        if (pick == null && omit == null) {
            return Projection.ALL;
        }
        Projection projection = Projection.parse(pick, omit, expand);
        Projection.Tree picked = projection.pick();
        if (picked != null) {
            projection.omit().members().forEach((member, below) -> {
                if (below.members().isEmpty() && picked.members().containsKey(member)) {
                    throw NgsiLdException.badRequest("pick and omit: a member must not be in both");
                }
            });
        }
        return projection;
    }

    /** Whether anything of the entity is shown. */
    boolean shows(Entity entity) {
        Projection projection = options.projection();
        return projection.isAll()
                || projection.keeps("id")
                || projection.keeps("type")
                || (!entity.scopes().isEmpty() && projection.keeps("scope"))
                || (options.sysAttrs() && (projection.keeps("createdAt") || projection.keeps("modifiedAt")))
                || entity.attributes().keySet().stream().anyMatch(projection::keeps);
    }

    /** Attributes of which an entity must have one for anything of it to be shown; empty: more than attributes is shown. */
    Set<String> necessary() {
        Projection projection = options.projection();
        if (projection.pick() == null
                || projection.keeps("id")
                || projection.keeps("type")
                || projection.keeps("scope")
                || options.sysAttrs()) {
            return Set.of();
        }
        return projection.pickedAttributes();
    }

    private static Join join(Parameters parameters) {
        String join = parameters.choice("join", Set.of("flat", "inline", "@none"));
        return switch (join == null ? "@none" : join) {
            case "flat" -> Join.FLAT;
            case "inline" -> Join.INLINE;
            default -> Join.NONE;
        };
    }

    private static Set<String> containedBy(Parameters parameters) {
        Set<String> ids = new LinkedHashSet<>();
        parameters.list("containedBy").forEach(id -> ids.add(Names.uri(id, "containedBy")));
        return ids;
    }
}
