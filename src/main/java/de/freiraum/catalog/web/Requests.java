package de.freiraum.catalog.web;

import de.freiraum.catalog.Language;
import de.freiraum.json.JsonWriter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What requests for published data have in common. */
final class Requests {
    /** What answers depend on beside the address. */
    static final String VARY = "Accept, Accept-Encoding, Accept-Language";

    private static final int LONGEST_ECHO = 100;

    private Requests() {}

    /** Whether the client can read gzip. */
    static boolean takesGzip(HttpServerRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        return accepted != null && quality(accepted, "gzip", "gzip") > 0;
    }

    /**
     * The offered media type that the client likes best; among equals the first one offered.
     *
     * @return null if the client takes none of them
     */
    static @Nullable String negotiate(HttpServerRequest request, List<String> offered) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        if (accept == null || accept.isBlank()) {
            return offered.get(0);
        }
        String best = null;
        double bestQuality = 0;
        for (String type : offered) {
            double quality = quality(accept, type, type.substring(0, type.indexOf('/') + 1) + "*");
            if (quality > bestQuality) {
                best = type;
                bestQuality = quality;
            }
        }
        return best;
    }

    /** The language that is asked for by the parameter {@code lang}, else by the browser, else German. */
    static Language language(HttpServerRequest request) {
        String asked = request.getParam("lang");
        if (asked != null) {
            return asked.equals("en") ? Language.EN : Language.DE;
        }
        String accepted = request.getHeader(HttpHeaders.ACCEPT_LANGUAGE);
        if (accepted == null || accepted.isBlank()) {
            return Language.DE;
        }
        double german = languageQuality(accepted, "de");
        double english = languageQuality(accepted, "en");
        return german >= english && german > 0 ? Language.DE : Language.EN;
    }

    private static double languageQuality(String accepted, String language) {
        double best = 0;
        for (String range : accepted.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = range.split(";");
            String name = parts[0].strip();
            if (name.equals(language) || name.startsWith(language + "-")) {
                best = Math.max(best, weight(parts));
            }
        }
        return best;
    }

    /** The weight that the most specific range gives: the name, its family, everything. */
    private static double quality(String header, String name, String family) {
        double quality = 0;
        int specific = 0;
        for (String range : header.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = range.split(";");
            String said = parts[0].strip();
            int rank = said.equals(name) ? 3 : said.equals(family) ? 2 : said.equals("*/*") || said.equals("*") ? 1 : 0;
            if (rank > specific) {
                specific = rank;
                quality = weight(parts);
            } else if (rank > 0 && rank == specific) {
                quality = Math.max(quality, weight(parts));
            }
        }
        return quality;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.startsWith("q=")) {
                try {
                    double q = Double.parseDouble(part.substring(2).strip());
                    return q >= 0 && q <= 1 ? q : 0;
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }

    /** Says what is wrong, as a problem document. */
    static void refuse(RoutingContext context, int status, String title, String detail) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        byte[] problem = new JsonWriter()
                .beginObject()
                .member("type", "about:blank")
                .member("title", title)
                .member("status", status)
                .member("detail", detail)
                .endObject()
                .toBytes();
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Buffer.buffer(problem));
    }

    /** 404. */
    static void notFound(RoutingContext context) {
        refuse(
                context,
                404,
                "Not Found",
                "there is nothing at " + clip(context.request().path()));
    }

    /** 503: a part of a catalogue would make portals delete the rest. */
    static void unavailable(RoutingContext context) {
        context.response().putHeader(HttpHeaders.RETRY_AFTER, "60");
        refuse(context, 503, "Service Unavailable", "the catalogue is not complete at present; try again later");
    }

    static String clip(@Nullable String text) {
        return text == null ? "" : text.length() <= LONGEST_ECHO ? text : text.substring(0, LONGEST_ECHO) + "…";
    }
}
