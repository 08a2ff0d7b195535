package de.freiraum.catalog.page;

import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.Language;
import de.freiraum.catalog.Text;

/** What all pages have around their content: the same frame as the dashboard's. */
final class Frame {
    private final Catalogue.About about;
    private final Language language;

    Frame(Catalogue.About about, Language language) {
        this.about = about;
        this.language = language;
    }

    String say(Text text) {
        return text.in(language);
    }

    /** Begins a page, up to its content. */
    Html begin(String title, String description, String address, byte[] machineReadable) {
        Html html = new Html();
        html.open("html", "lang", language.tag());
        html.open("head")
                .empty("meta", "charset", "utf-8")
                .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .empty("meta", "name", "color-scheme", "content", "light dark")
                .empty("meta", "name", "description", "content", description)
                .element("title", title)
                .empty("link", "rel", "icon", "href", "/dashboard/icon.svg", "type", "image/svg+xml")
                .empty("link", "rel", "stylesheet", "href", "/dashboard/base.css")
                .empty("link", "rel", "stylesheet", "href", "/catalog/pages.css")
                .empty("link", "rel", "canonical", "href", address);
        for (Language other : Language.values()) {
            html.empty("link", "rel", "alternate", "hreflang", other.tag(), "href", address + "?lang=" + other.tag());
        }
        html.json(machineReadable).close();
        html.open("body").element("a", say(Words.SKIP), "class", "skip", "href", "#main");
        html.open("header", "class", "top").open("div", "class", "wide top-row");
        html.open("p", "class", "brand")
                .link(about.title().in(language), "/catalog")
                .close();
        html.open("p", "class", "top-tools")
                .link(say(Words.DASHBOARD), "/")
                .link(say(Words.API), "/docs")
                .element(
                        "a",
                        say(Words.OTHER_LANGUAGE),
                        "href",
                        "?lang=" + language.other().tag(),
                        "hreflang",
                        language.other().tag(),
                        "lang",
                        language.other().tag())
                .close();
        html.close().close();
        html.open("main", "id", "main", "class", "wide page");
        if (about.simulated()) {
            html.element("p", say(Words.SIMULATED), "class", "simulated");
        }
        return html;
    }

    /**
     * Ends a page.
     *
     * @param described the address whose descriptions in RDF are linked
     */
    byte[] end(Html html, String described) {
        html.close();
        html.open("footer", "class", "foot").open("div", "class", "wide foot-row");
        html.open("p").text(say(Words.FOR_PORTALS) + " ");
        html.link("Turtle", described + ".ttl")
                .link("RDF/XML", described + ".rdf")
                .link("JSON-LD", described + ".jsonld");
        html.close();
        html.open("p").text(say(Words.CONTACT) + ": ");
        Catalogue.Contact contact = about.contact();
        if (contact.email() != null) {
            html.link(contact.name(), "mailto:" + contact.email());
        } else if (contact.url() != null) {
            html.link(contact.name(), contact.url().toString());
        } else {
            html.text(contact.name());
        }
        return html.close().close().close().close().close().toBytes();
    }
}
