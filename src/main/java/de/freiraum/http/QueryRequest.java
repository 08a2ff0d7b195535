package de.freiraum.http;

import de.freiraum.jsonld.Context;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import java.util.List;

/**
 * A query of entities (clause 5.7.2).
 *
 * @param query which entities
 * @param view how they are shown
 */
record QueryRequest(EntityQuery query, EntityView view) {

    /**
     * Reads a query.
     *
     * @param parameters those of the URL, or of the URL and a Query document
     * @param selectors the document's {@code entities}; may be empty
     */
    static QueryRequest read(
            RequestContext request, Parameters parameters, List<EntitySelector> selectors, Context context) {
        EntityQuery asked = EntityQueryReader.read(parameters, selectors, request.names(context));
        EntityView view = EntityView.read(request, parameters, context, asked.attributes(), asked.linkedDepth());
        EntityQuery query = asked.attributes().isEmpty() ? asked.withAttributes(view.necessary()) : asked;
        return new QueryRequest(query, view);
    }
}
