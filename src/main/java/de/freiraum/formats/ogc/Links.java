package de.freiraum.formats.ogc;

import de.freiraum.json.JsonWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Addresses below {@code /ogc}, and the objects that lead there (17-069r4, 7.7). */
final class Links {
    static final String PATH = "/ogc";
    static final String JSON = "application/json";
    static final String GEO_JSON = "application/geo+json";

    private final String base;

    /**
     * Addresses of a server.
     *
     * @param base where clients reach it, without a slash at the end
     */
    Links(String base) {
        this.base = base;
    }

    String at(String path) {
        return base + PATH + path;
    }

    String beside(String path) {
        return base + path;
    }

    String collection(String id) {
        return at("/collections/" + id);
    }

    String items(String id) {
        return collection(id) + "/items";
    }

    String item(String id, String feature) {
        return items(id) + "/" + encoded(feature);
    }

    /** A page of the items that a query finds. */
    String page(String id, FeatureQuery query, int offset) {
        Map<String, String> parameters = new TreeMap<>(query.others());
        parameters.put("limit", Integer.toString(query.limit()));
        if (offset > 0) {
            parameters.put("offset", Integer.toString(offset));
        }
        StringBuilder address = new StringBuilder(items(id));
        char before = '?';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            address.append(before).append(parameter.getKey()).append('=').append(encoded(parameter.getValue()));
            before = '&';
        }
        return address.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Writes one link. */
    static void link(JsonWriter json, String href, String rel, String type, String title) {
        json.beginObject()
                .member("href", href)
                .member("rel", rel)
                .member("type", type)
                .member("title", title)
                .endObject();
    }
}
