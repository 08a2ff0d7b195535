package de.freiraum.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Links to the pages before and after (clauses 5.5.9.2 and 6.3.10). */
final class Pagination {
    private Pagination() {}

    /** Values of Link headers: relative references with every parameter of the request, in its order. */
    static List<String> links(RequestContext request, boolean more) {
        int limit = request.parameters().limit();
        int offset = request.parameters().offset();
        List<String> links = new ArrayList<>(2);
        if (limit == 0) {
            return links;
        }
        if (offset > 0) {
            links.add(link(request, limit, Math.max(0, offset - limit), "prev"));
        }
        if (more && offset <= Integer.MAX_VALUE - limit) {
            links.add(link(request, limit, offset + limit, "next"));
        }
        return links;
    }

    private static String link(RequestContext request, int limit, int offset, String relation) {
        Map<String, String> parameters =
                new LinkedHashMap<>(request.parameters().all());
        parameters.put("limit", Integer.toString(limit));
        parameters.put("offset", Integer.toString(offset));
        StringBuilder link = new StringBuilder(128).append('<').append(request.rawPath());
        char separator = '?';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            link.append(separator).append(parameter.getKey()).append('=');
            link.append(PercentCoding.encodeQuery(parameter.getValue()));
            separator = '&';
        }
        return link.append(">; rel=\"")
                .append(relation)
                .append("\"; type=\"")
                .append(request.accepted().text())
                .append('"')
                .toString();
    }
}
