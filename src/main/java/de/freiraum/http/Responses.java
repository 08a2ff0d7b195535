package de.freiraum.http;

import de.freiraum.broker.HostedContexts;
import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Value;
import de.freiraum.representation.SpecificationVersion;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers with a body, and how they tell their @context (clause 6.3.6). */
public final class Responses {
    private static final String CONTEXT = "@context";

    private Responses() {}

    /**
     * One object with compacted names: JSON with a Link header, or JSON-LD with @context, as the request accepts.
     *
     * @param context what the names are compacted with
     */
    public static Answer object(RequestContext request, Context context, Value.Obj object) {
        boolean jsonLd = request.accepted() == MediaType.JSON_LD;
        return json(request, context, jsonLd ? withContext(object, context) : object);
    }

    /** Several objects, each like {@link #object}. */
    public static Answer array(RequestContext request, Context context, List<Value.Obj> objects) {
        boolean jsonLd = request.accepted() == MediaType.JSON_LD;
        List<Value> items = new ArrayList<>(objects.size());
        objects.forEach(o -> items.add(jsonLd ? withContext(o, context) : o));
        return json(request, context, new Value.Array(items));
    }

    /** A body of ready bytes of the accepted type; JSON gets a Link header, other types have their @context in the bytes. */
    public static Answer bytes(RequestContext request, Context context, Buffer body) {
        Answer answer = Answer.of(200, request.accepted().text(), body);
        boolean linked = request.accepted() == MediaType.JSON
                || (request.accepted() == MediaType.GEO_JSON && EntityView.linksContext(request));
        return preferenceApplied(request, linked ? answer.with("Link", linkTo(request, context)) : answer);
    }

    /** A body of plain JSON without a context, as errors and partial successes have it. */
    public static Answer plain(int status, Value body) {
        return Answer.of(status, MediaType.JSON.text(), Buffer.buffer(JsonWriter.write(body)));
    }

    /** The value of the Link header that names a context. */
    public static String linkTo(RequestContext request, Context context) {
        String url = HostedContexts.ownUrl(request.shown(context).source());
        return LinkHeader.ofContext(url == null ? BuiltInContexts.CORE_URL : url);
    }

    /**
     * The same with what a page of results has in its headers (clauses 6.3.10 and 6.3.13).
     *
     * @param more whether there are results behind this page
     * @param count all results, or negative if not asked for
     */
    public static Answer page(RequestContext request, Answer answer, boolean more, long count) {
        Answer page = answer;
        for (String link : Pagination.links(request, more)) {
            page = page.with("Link", link);
        }
        return count < 0 ? page : page.with("NGSILD-Results-Count", Long.toString(count));
    }

    private static Answer json(RequestContext request, Context context, Value body) {
        return bytes(request, context, Buffer.buffer(JsonWriter.write(body)));
    }

    /** Tells which version of the specification the body follows, if the client has a preference. */
    private static Answer preferenceApplied(RequestContext request, Answer answer) {
        @Nullable SpecificationVersion preferred = request.version();
        if (preferred == null) {
            return answer;
        }
        return answer.with("Preference-Applied", "ngsi-ld=" + preferred.conformant());
    }

    private static Value.Obj withContext(Value.Obj object, Context context) {
        Map<String, Value> members = new LinkedHashMap<>(object.members());
        members.put(CONTEXT, context.source());
        return new Value.Obj(members);
    }
}
