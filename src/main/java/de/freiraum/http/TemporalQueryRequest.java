package de.freiraum.http;

import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A query of evolutions.
 *
 * @param query which entities
 * @param view which of their instances, and how they are shown
 */
record TemporalQueryRequest(EntityQuery query, TemporalView view) {
    private static final String SCOPE = "scope";

    /**
     * Reads a query.
     *
     * @param parameters those of the URL, or of the URL and a Query document
     * @param selectors the document's {@code entities}; may be empty
     * @param mostInstances how many instances an answer has at the most
     * @throws NgsiLdException BadRequestData, also where there is no temporal query, or linked entities are asked for
     */
    static TemporalQueryRequest read(
            RequestContext request,
            Parameters parameters,
            List<EntitySelector> selectors,
            Context context,
            int mostInstances) {
        if (!parameters.has("timerel")) {
            throw NgsiLdException.badRequest(
                    "timerel is missing: a query of temporal evolutions needs a temporal query");
        }
        List<String> attrs = parameters.list("attrs");
        boolean scope = attrs.contains(SCOPE) && attrs.size() > 1;
        EntityQuery query = TemporalQueryDocument.entities(
                scope ? withoutScope(parameters, attrs) : parameters, selectors, request.names(context));
        if (query.linkedDepth() > 0) {
            throw NgsiLdException.badRequest("q: a temporal query cannot follow Relationships to linked entities");
        }
        Set<String> shown = new LinkedHashSet<>(query.attributes());
        if (scope) {
            shown.add(NgsiLd.NAMESPACE + SCOPE);
        }
        return new TemporalQueryRequest(query, TemporalView.read(request, parameters, context, shown, mostInstances));
    }

    /** The scope may be among the attributes to show (annex C.5.16), but is none of those that an entity needs to be found. */
    private static Parameters withoutScope(Parameters parameters, List<String> attrs) {
        List<String> others = attrs.stream().filter(name -> !name.equals(SCOPE)).toList();
        return parameters.and(Map.of("attrs", String.join(",", others)));
    }
}
