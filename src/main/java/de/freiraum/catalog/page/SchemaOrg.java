package de.freiraum.catalog.page;

import de.freiraum.catalog.Addresses;
import de.freiraum.catalog.Box;
import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.FileFormat;
import de.freiraum.catalog.Language;
import de.freiraum.json.JsonWriter;
import java.time.YearMonth;

/** Datasets in the vocabulary that search engines for datasets read (schema.org). */
final class SchemaOrg {
    private static final String CONTEXT = "https://schema.org/";

    private SchemaOrg() {}

    static byte[] catalogue(Catalogue catalogue, Language language) {
        Addresses at = new Addresses(catalogue.about().base());
        JsonWriter json = new JsonWriter();
        json.beginObject()
                .member("@context", CONTEXT)
                .member("@type", "DataCatalog")
                .member("@id", at.catalogue())
                .member("url", at.catalogue())
                .member("name", catalogue.about().title().in(language))
                .member("description", catalogue.about().description().in(language))
                .name("dataset")
                .beginArray();
        for (Dataset dataset : catalogue.datasets()) {
            json.beginObject().member("@id", at.dataset(dataset)).endObject();
        }
        return json.endArray().endObject().toBytes();
    }

    static byte[] dataset(Catalogue catalogue, Dataset dataset, Language language) {
        Addresses at = new Addresses(catalogue.about().base());
        JsonWriter json = new JsonWriter();
        json.beginObject()
                .member("@context", CONTEXT)
                .member("@type", "Dataset")
                .member("@id", at.dataset(dataset))
                .member("url", at.dataset(dataset))
                .member("identifier", at.dataset(dataset))
                .member("name", dataset.title().in(language))
                .member("description", dataset.kind().description().in(language))
                .member("license", dataset.kind().licence().text())
                .member("inLanguage", language.tag())
                .name("isAccessibleForFree")
                .bool(true)
                .member("dateModified", dataset.modifiedOn().toString())
                .member("datePublished", dataset.issuedOn().toString());
        json.name("keywords").texts(dataset.kind().keywords().in(language));
        json.name("creator")
                .beginObject()
                .member("@type", "Organization")
                .member("name", publisher(catalogue, dataset))
                .endObject();
        json.name("includedInDataCatalog")
                .beginObject()
                .member("@id", at.catalogue())
                .endObject();
        json.name("spatialCoverage")
                .beginObject()
                .member("@type", "Place")
                .member("name", dataset.city().name());
        Box box = dataset.box();
        if (box != null) {
            json.name("geo")
                    .beginObject()
                    .member("@type", "GeoShape")
                    .member("box", box.south() + " " + box.west() + " " + box.north() + " " + box.east())
                    .endObject();
        }
        json.endObject();
        if (dataset.firstObserved() != null) {
            json.member("temporalCoverage", dataset.firstObserved() + "/..");
        }
        json.name("distribution").beginArray();
        for (FileFormat format : FileFormat.values()) {
            download(json, at.dataset(dataset) + "." + format.suffix(), format);
        }
        for (YearMonth month : dataset.months()) {
            download(json, at.month(dataset, month) + "." + FileFormat.CSV.suffix(), FileFormat.CSV);
        }
        return json.endArray().endObject().toBytes();
    }

    static String publisher(Catalogue catalogue, Dataset dataset) {
        String own = dataset.city().publisher();
        return own == null ? catalogue.about().publisher() : own;
    }

    private static void download(JsonWriter json, String address, FileFormat format) {
        json.beginObject()
                .member("@type", "DataDownload")
                .member("contentUrl", address)
                .member("encodingFormat", format.contentType())
                .endObject();
    }
}
