package de.freiraum.http;

import de.freiraum.broker.temporal.TemporalOperations.Selection;
import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.AggregationQuery;
import de.freiraum.query.Projection;
import de.freiraum.query.TemporalQuery;
import de.freiraum.representation.LanguageFilter;
import de.freiraum.representation.RepresentationOptions;
import de.freiraum.representation.RepresentationOptions.Form;
import de.freiraum.representation.TemporalAggregation;
import de.freiraum.representation.TemporalWriter;
import de.freiraum.representation.TemporalWriter.Evolution;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How evolutions are shown, and which of their instances (clauses 6.3.11, 6.3.12, 4.11, 4.5.19 and 4.21).
 *
 * @param selection which instances
 * @param options how they are written
 * @param aggregation what is computed of them, or null: nothing
 * @param counts whether the options ask for the number of results
 */
record TemporalView(
        Selection selection,
        RepresentationOptions options,
        @Nullable AggregationQuery aggregation,
        boolean counts) {
    /** Parameters that say how evolutions are shown. */
    static final Set<String> SHOWING = Set.of(
            "pick",
            "omit",
            "lang",
            "datasetId",
            "format",
            "options",
            "timerel",
            "timeAt",
            "endTimeAt",
            "timeproperty",
            "lastN",
            "firstN",
            "aggrMethods",
            "aggrPeriodDuration");

    private static final String SCOPE = NgsiLd.NAMESPACE + "scope";
    private static final String VALUES = "temporalValues";
    private static final String AGGREGATED = "aggregatedValues";
    private static final Set<String> FORMS = Set.of("normalized", "concise", "simplified", VALUES, AGGREGATED);
    private static final Set<String> OPTIONS =
            Set.of("normalized", "concise", "simplified", VALUES, AGGREGATED, "sysAttrs", "count");

    /**
     * Reads how evolutions are to be shown.
     *
     * @param attributes IRIs of the deprecated {@code attrs}; may be empty
     * @param mostInstances how many instances an answer has at the most
     */
    static TemporalView read(
            RequestContext request, Parameters parameters, Context context, Set<String> attributes, int mostInstances) {
        Set<String> options = parameters.options(OPTIONS);
        String form = form(parameters, options);
        AggregationQuery aggregation = form.equals(AGGREGATED)
                ? AggregationQuery.parse(parameters.text("aggrMethods"), parameters.text("aggrPeriodDuration"))
                : null;
        Projection projection = projection(request, parameters, context, attributes);
        Set<String> datasets = EntityQueryReader.datasets(parameters.list("datasetId"));
        String lang = parameters.text("lang");
        TemporalQuery time = TemporalQuery.parse(
                parameters.text("timerel"),
                parameters.text("timeAt"),
                parameters.text("endTimeAt"),
                parameters.text("timeproperty"),
                parameters.text("lastN"),
                parameters.text("firstN"));
        return new TemporalView(
                new Selection(
                        time,
                        attributes.isEmpty() ? picked(projection) : attributes,
                        datasets,
                        aggregation == null ? mostInstances : 0),
                new RepresentationOptions(
                        context,
                        representation(form),
                        options.contains("sysAttrs"),
                        lang == null ? null : LanguageFilter.parse(lang),
                        projection,
                        datasets,
                        null,
                        request.accepted() == MediaType.JSON_LD),
                aggregation,
                options.contains("count"));
    }

    private static Form representation(String form) {
        return switch (form) {
            case "concise" -> Form.CONCISE;
            case VALUES, "simplified" -> Form.SIMPLIFIED;
            default -> Form.NORMALIZED;
        };
    }

    /** The format wins over the options. A body with aggregation parameters asks for aggregates without saying so again. */
    private static String form(Parameters parameters, Set<String> options) {
        String format = parameters.text("format");
        if (format != null) {
            if (!FORMS.contains(format)) {
                throw NgsiLdException.invalid("format: allowed here are "
                        + String.join(", ", FORMS.stream().sorted().toList()));
            }
            return format;
        }
        Set<String> forms = new LinkedHashSet<>(options);
        forms.retainAll(FORMS);
        if (forms.size() > 1) {
            throw NgsiLdException.invalid("options: " + String.join(" and ", forms) + " exclude each other");
        }
        boolean aggregates = parameters.has("aggrMethods") || parameters.has("aggrPeriodDuration");
        return forms.isEmpty()
                ? aggregates ? AGGREGATED : "normalized"
                : forms.iterator().next();
    }

    private static Projection projection(
            RequestContext request, Parameters parameters, Context context, Set<String> attributes) {
        Projection projection = EntityView.projection(request, parameters, context, attributes);
        if (projection.linkedDepth() > 0) {
            throw NgsiLdException.badRequest("pick and omit: temporal evolutions have no linked entities");
        }
        return projection;
    }

    private static Set<String> picked(Projection projection) {
        Set<String> picked = new LinkedHashSet<>(projection.pickedAttributes());
        Projection.Tree pick = projection.pick();
        if (pick != null && pick.members().containsKey("scope")) {
            picked.add(SCOPE);
        }
        return picked;
    }

    /** Whether anything of an evolution is shown. */
    boolean showsAnything(Evolution evolution) {
        Projection projection = options.projection();
        return projection.keeps("id")
                || projection.keeps("type")
                || evolution.attributes().keySet().stream().anyMatch(this::shows)
                || evolution.elsewhere().keySet().stream().anyMatch(this::shows);
    }

    private boolean shows(String iri) {
        return options.projection().keeps(iri.equals(SCOPE) ? "scope" : iri);
    }

    /**
     * Refuses to aggregate attributes that were asked for by name and that none of the methods can aggregate (clause 5.7.4.4).
     *
     * @throws NgsiLdException InvalidRequest
     */
    void requireEligible(List<Evolution> evolutions) {
        if (aggregation == null) {
            return;
        }
        for (Evolution evolution : evolutions) {
            for (String iri : selection.attributes()) {
                List<Attribute> instances = evolution.attributes().getOrDefault(iri, List.of());
                boolean eligible = instances.stream().allMatch(Attribute::isNull)
                        || aggregation.methods().stream().anyMatch(m -> TemporalAggregation.isEligible(m, instances));
                if (!eligible) {
                    throw NgsiLdException.invalid("aggrMethods: none of them can aggregate "
                            + Parameters.clip(options.context().compact(iri)));
                }
            }
        }
    }

    /** Writes one evolution as the next JSON value. */
    void write(JsonWriter json, Evolution evolution) {
        if (aggregation == null) {
            TemporalWriter.write(json, evolution, options, selection.time().timeProperty());
        } else {
            TemporalWriter.writeAggregated(
                    json, evolution, options, selection.time().timeProperty(), periods(evolution, aggregation));
        }
    }

    /** Periods start where the time range does or, if it is open there, at the first instance. */
    private TemporalAggregation.Periods periods(Evolution evolution, AggregationQuery query) {
        Instant first = Instant.MAX;
        Instant last = Instant.MIN;
        for (List<Attribute> instances : evolution.attributes().values()) {
            for (Attribute instance : instances) {
                Instant at = time(instance.meta());
                first = at.isBefore(first) ? at : first;
                last = at.isAfter(last) ? at : last;
            }
        }
        Instant from = selection.time().from();
        Instant to = selection.time().to();
        return new TemporalAggregation.Periods(query, from == null ? first : from, to == null ? last : to);
    }

    private Instant time(AttributeMeta meta) {
        Instant at = selection.time().timeProperty().of(meta);
        if (at == null) {
            at = meta.modifiedAt() != null ? meta.modifiedAt() : meta.createdAt();
        }
        return at == null ? Instant.EPOCH : at;
    }
}
