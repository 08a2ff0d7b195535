package de.freiraum.formats.ogc;

import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.export.Row;
import de.freiraum.formats.Published;
import de.freiraum.formats.Reply;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.query.EntityQuery;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The features at {@code /ogc}: landing page, conformance, collections, and their items as GeoJSON. */
public final class OgcRoutes {
    private static final Set<String> FORMAT = Set.of("f");
    private static final Set<String> FORMATS = Set.of("json", "geojson", "application/json", "application/geo+json");

    /** Entities looked at for one page when a time is asked for, which no index knows. */
    private static final int MOST_LOOKED_AT = 20_000;

    private static final int PIECE = 500;

    private final Published published;
    private final Links links;
    private final Descriptions descriptions;

    /** Of what is published. */
    public OgcRoutes(Published published) {
        this.published = published;
        this.links = new Links(published.about().base());
        this.descriptions = new Descriptions(links);
    }

    /** Adds the routes. */
    public void mount(Router router) {
        Reply.route(
                router, Links.PATH, FORMAT, context -> described(context, descriptions.landingPage(published.about())));
        Reply.route(
                router, Links.PATH + "/conformance", FORMAT, context -> described(context, Descriptions.conformance()));
        Reply.route(router, Links.PATH + "/collections", FORMAT, context -> published
                .catalogue()
                .compose(catalogue -> described(context, descriptions.collections(catalogue))));
        Reply.route(router, Links.PATH + "/collections/:collection", FORMAT, context -> dataset(context)
                .compose(dataset -> described(context, descriptions.collection(dataset))));
        Reply.route(router, Links.PATH + "/collections/:collection/items", FeatureQuery.PARAMETERS, this::items);
        Reply.route(router, Links.PATH + "/collections/:collection/items/:feature", FORMAT, this::item);
    }

    private static void checkFormat(RoutingContext context) {
        String format = context.queryParams().get("f");
        if (format != null && !FORMATS.contains(format)) {
            throw NgsiLdException.badRequest("f: allowed are json and geojson");
        }
    }

    private static Future<Reply> described(RoutingContext context, JsonWriter json) {
        checkFormat(context);
        return Future.succeededFuture(Reply.json(json, Reply.STEADY));
    }

    private Future<Dataset> dataset(RoutingContext context) {
        String id = context.pathParam("collection");
        return published.find(id).map(dataset -> {
            if (dataset == null) {
                throw NgsiLdException.notFound("there is no such collection; /ogc/collections lists them");
            }
            return dataset;
        });
    }

    private Future<Reply> items(RoutingContext context) {
        checkFormat(context);
        FeatureQuery query = FeatureQuery.of(context.queryParams());
        return dataset(context).compose(dataset -> (query.time() == null ? page(dataset, query) : timed(dataset, query))
                .map(found -> reply(dataset, query, found)));
    }

    /**
     * What a page holds.
     *
     * @param next where the next page starts, or -1 if this is the last one
     * @param matched all matches, or -1 if they were not counted
     */
    private record Found(List<Row> rows, int next, long matched) {}

    private Future<Found> page(Dataset dataset, FeatureQuery query) {
        PageRequest page = new PageRequest(query.offset(), query.limit(), true);
        return published.page(dataset.city(), query.query(dataset), page).map(found -> {
            int next = query.offset() + found.entities().size();
            return new Found(
                    found.entities().stream()
                            .map(entity -> Row.of(entity, dataset.columns()))
                            .toList(),
                    found.more() ? next : -1,
                    found.count());
        });
    }

    /** Offsets count what is looked at, so that a page starts where the one before ended. */
    private Future<Found> timed(Dataset dataset, FeatureQuery query) {
        return timed(dataset, query, new ArrayList<>(), query.offset());
    }

    private Future<Found> timed(Dataset dataset, FeatureQuery query, List<Row> rows, int offset) {
        EntityQuery entities = query.query(dataset);
        return published
                .page(dataset.city(), entities, new PageRequest(offset, PIECE, false))
                .compose(found -> {
                    int at = offset;
                    for (Entity entity : found.entities()) {
                        if (rows.size() == query.limit()) {
                            return Future.succeededFuture(new Found(rows, at, -1));
                        }
                        Row row = Row.of(entity, dataset.columns());
                        if (Objects.requireNonNull(query.time()).holds(row.observedAt())) {
                            rows.add(row);
                        }
                        at++;
                    }
                    if (!found.more()) {
                        return Future.succeededFuture(new Found(rows, -1, -1));
                    }
                    return rows.size() == query.limit() || at - query.offset() >= MOST_LOOKED_AT
                            ? Future.succeededFuture(new Found(rows, at, -1))
                            : timed(dataset, query, rows, at);
                });
    }

    private Reply reply(Dataset dataset, FeatureQuery query, Found found) {
        JsonWriter json = new JsonWriter(1024);
        json.beginObject()
                .member("type", "FeatureCollection")
                .member("numberReturned", found.rows().size());
        if (found.matched() >= 0) {
            json.member("numberMatched", found.matched());
        }
        String id = dataset.id();
        String self = links.page(id, query, query.offset());
        String next = found.next() < 0 ? null : links.page(id, query, found.next());
        json.name("links").beginArray();
        Links.link(json, self, "self", Links.GEO_JSON, "This page");
        Links.link(json, links.collection(id), "collection", Links.JSON, "The collection");
        if (next != null) {
            Links.link(json, next, "next", Links.GEO_JSON, "The next page");
        }
        json.endArray().name("features").beginArray();
        FeatureWriter features = new FeatureWriter(dataset, json);
        for (Row row : found.rows()) {
            features.begin(row);
            json.endObject();
        }
        json.endArray().endObject();
        Reply reply = Reply.of(Links.GEO_JSON, json.toBytes(), Reply.LIVE);
        return next == null
                ? reply
                : new Reply(
                        reply.type(),
                        reply.body(),
                        reply.cache(),
                        "<" + next + ">; rel=\"next\"; type=\"" + Links.GEO_JSON + '"');
    }

    private Future<Reply> item(RoutingContext context) {
        checkFormat(context);
        String id = context.pathParam("feature");
        return dataset(context).compose(dataset -> published
                .page(dataset.city(), dataset.query().withIds(Set.of(id)), new PageRequest(0, 1, false))
                .map(found -> {
                    if (found.entities().isEmpty()) {
                        throw NgsiLdException.notFound("the collection has no such feature");
                    }
                    JsonWriter json = new JsonWriter(1024);
                    new FeatureWriter(dataset, json)
                            .begin(Row.of(found.entities().get(0), dataset.columns()));
                    json.name("links").beginArray();
                    Links.link(json, links.item(dataset.id(), id), "self", Links.GEO_JSON, "This feature");
                    Links.link(json, links.collection(dataset.id()), "collection", Links.JSON, "The collection");
                    json.endArray().endObject();
                    return Reply.of(Links.GEO_JSON, json.toBytes(), Reply.LIVE);
                }));
    }
}
