package de.freiraum.formats.ogc;

import de.freiraum.catalog.Box;
import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.Language;
import de.freiraum.json.JsonWriter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The documents that lead to the features (17-069r4, 7.2 to 7.14). */
final class Descriptions {
    private static final List<String> CONFORMANCE = List.of(
            "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
            "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
            "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson");
    private static final String CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    private static final String GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";
    private static final String OPEN_API = "application/vnd.oai.openapi+json;version=3.1";

    private final Links links;

    Descriptions(Links links) {
        this.links = links;
    }

    JsonWriter landingPage(Catalogue.About about) {
        JsonWriter json = new JsonWriter();
        json.beginObject()
                .member("title", about.title().in(Language.DE))
                .member("description", about.description().in(Language.DE))
                .member("attribution", about.attribution())
                .name("links")
                .beginArray();
        Links.link(json, links.at(""), "self", Links.JSON, "This document");
        Links.link(json, links.beside("/openapi.json"), "service-desc", OPEN_API, "Description of the interface");
        Links.link(json, links.beside("/docs"), "service-doc", "text/html", "Reference of the interface");
        Links.link(json, links.at("/conformance"), "conformance", Links.JSON, "What is implemented");
        Links.link(json, links.at("/collections"), "data", Links.JSON, "The collections");
        Links.link(json, about.licence().iri(), "license", "text/html", "Licence");
        return json.endArray().endObject();
    }

    static JsonWriter conformance() {
        return new JsonWriter()
                .beginObject()
                .name("conformsTo")
                .texts(CONFORMANCE)
                .endObject();
    }

    JsonWriter collections(Catalogue catalogue) {
        JsonWriter json = new JsonWriter();
        json.beginObject().name("links").beginArray();
        Links.link(json, links.at("/collections"), "self", Links.JSON, "This document");
        json.endArray().name("collections").beginArray();
        catalogue.datasets().forEach(dataset -> collection(json, dataset));
        return json.endArray().endObject();
    }

    JsonWriter collection(Dataset dataset) {
        JsonWriter json = new JsonWriter();
        collection(json, dataset);
        return json;
    }

    private void collection(JsonWriter json, Dataset dataset) {
        String id = dataset.id();
        json.beginObject()
                .member("id", id)
                .member("title", dataset.title().in(Language.DE))
                .member("description", dataset.kind().description().in(Language.DE))
                .member("itemType", "feature")
                .name("crs")
                .texts(List.of(CRS84));
        extent(json, dataset);
        json.name("links").beginArray();
        Links.link(json, links.collection(id), "self", Links.JSON, "This collection");
        Links.link(json, links.items(id), "items", Links.GEO_JSON, "The features");
        Links.link(json, dataset.kind().licence().iri(), "license", "text/html", "Licence");
        Links.link(json, links.beside("/datasets/" + id), "describedby", "text/turtle", "The dataset in the catalogue");
        json.endArray().endObject();
    }

    private static void extent(JsonWriter json, Dataset dataset) {
        Box box = dataset.box();
        Instant first = dataset.firstObserved();
        if (box == null && first == null) {
            return;
        }
        json.name("extent").beginObject();
        if (box != null) {
            json.name("spatial").beginObject().name("bbox").beginArray().beginArray();
            for (double edge : new double[] {box.west(), box.south(), box.east(), box.north()}) {
                json.number(edge);
            }
            json.endArray().endArray().member("crs", CRS84).endObject();
        }
        if (first != null) {
            json.name("temporal").beginObject().name("interval").beginArray().beginArray();
            time(json, first);
            // The current state goes on.
            time(json, null);
            json.endArray().endArray().member("trs", GREGORIAN).endObject();
        }
        json.endObject();
    }

    private static void time(JsonWriter json, @Nullable Instant time) {
        if (time == null) {
            json.nul();
        } else {
            json.time(time);
        }
    }
}
