package de.freiraum.catalog.page;

import de.freiraum.catalog.Addresses;
import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.Language;
import java.nio.charset.StandardCharsets;

/** The catalogue for people, and the lists of its pages for search engines. */
public final class CataloguePage {
    private CataloguePage() {}

    /** The page, in UTF-8. */
    public static byte[] of(Catalogue catalogue, Language language) {
        Catalogue.About about = catalogue.about();
        Addresses at = new Addresses(about.base());
        Frame frame = new Frame(about, language);
        String title = about.title().in(language);
        Html html = frame.begin(
                title, about.description().in(language), at.catalogue(), SchemaOrg.catalogue(catalogue, language));
        html.element("h1", title).element("p", about.description().in(language), "class", "lead");
        if (catalogue.wholes().isEmpty()) {
            html.element("p", frame.say(Words.NO_DATASETS));
        }
        String city = null;
        for (Dataset dataset : catalogue.wholes()) {
            if (!dataset.city().name().equals(city)) {
                if (city != null) {
                    html.close();
                }
                city = dataset.city().name();
                html.element("h2", city).open("ul", "class", "cards", "role", "list");
            }
            html.open("li", "class", "card")
                    .open("h3")
                    .link(dataset.kind().title().in(language), "/datasets/" + dataset.id())
                    .close()
                    .element("p", dataset.kind().description().in(language))
                    .element(
                            "p",
                            frame.say(Words.ENTRIES) + ": " + dataset.entities() + " · "
                                    + dataset.kind().licence().name(),
                            "class",
                            "quiet")
                    .close();
        }
        if (city != null) {
            html.close();
        }
        return frame.end(html, "/catalog");
    }

    /** The sitemap (sitemaps.org): one page a dataset. */
    public static byte[] sitemap(Catalogue catalogue) {
        Addresses at = new Addresses(catalogue.about().base());
        StringBuilder xml = new StringBuilder(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
        xml.append("<url><loc>").append(escaped(at.catalogue())).append("</loc></url>\n");
        for (Dataset dataset : catalogue.datasets()) {
            xml.append("<url><loc>")
                    .append(escaped(at.dataset(dataset)))
                    .append("</loc><lastmod>")
                    .append(dataset.modifiedOn())
                    .append("</lastmod></url>\n");
        }
        return xml.append("</urlset>\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What robots are asked not to walk through: the interface has no end. */
    public static byte[] robots(String base) {
        return ("User-agent: *\nDisallow: /ngsi-ld/\nDisallow: /live\nDisallow: /ingest/\nSitemap: " + base
                        + "/sitemap.xml\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
