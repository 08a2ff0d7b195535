package de.freiraum.catalog.dcat;

import de.freiraum.catalog.Addresses;
import de.freiraum.catalog.CatalogConfig.PublisherType;
import de.freiraum.catalog.Catalogue.About;
import de.freiraum.catalog.City;
import java.util.Locale;
import org.eclipse.rdf4j.model.IRI;
import org.eclipse.rdf4j.model.vocabulary.DCTERMS;
import org.eclipse.rdf4j.model.vocabulary.FOAF;
import org.eclipse.rdf4j.model.vocabulary.SKOS;
import org.eclipse.rdf4j.model.vocabulary.VCARD4;

/** Describes who publishes and who is to be asked, once a graph. */
final class Agents {
    private final Graph graph;
    private final About about;
    private final Addresses addresses;

    Agents(Graph graph, About about) {
        this.graph = graph;
        this.about = about;
        this.addresses = new Addresses(about.base());
    }

    /** The publisher of everything. */
    IRI publisher() {
        return agent("publisher", about.publisher(), true);
    }

    /** The publisher of a city's data. */
    IRI publisher(City city) {
        return city.publisher() == null ? publisher() : agent("publisher-" + city.id(), city.publisher(), false);
    }

    private IRI agent(String id, String name, boolean homepage) {
        IRI iri = graph.iri(addresses.inCatalogue(id));
        IRI type = graph.iri(Terms.PUBLISHER_TYPE + camelCase(about.publisherType()));
        graph.type(iri, FOAF.AGENT)
                .add(iri, FOAF.NAME, name)
                .refer(iri, DCTERMS.TYPE, type, SKOS.CONCEPT)
                .add(type, SKOS.PREF_LABEL, camelCase(about.publisherType()));
        if (homepage && about.homepage() != null) {
            graph.refer(iri, FOAF.HOMEPAGE, graph.iri(about.homepage().toString()), FOAF.DOCUMENT);
        }
        return iri;
    }

    private static String camelCase(PublisherType type) {
        StringBuilder name = new StringBuilder();
        for (String word : type.name().toLowerCase(Locale.ROOT).split("_")) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
        }
        return name.toString();
    }

    /** Who is to be asked. */
    IRI contact() {
        IRI iri = graph.iri(addresses.inCatalogue("contact"));
        graph.type(iri, VCARD4.KIND)
                .type(iri, VCARD4.ORGANIZATION)
                .add(iri, VCARD4.FN, about.contact().name());
        if (about.contact().email() != null) {
            graph.add(
                    iri, VCARD4.HAS_EMAIL, graph.iri("mailto:" + about.contact().email()));
        }
        if (about.contact().url() != null) {
            graph.add(iri, VCARD4.HAS_URL, graph.iri(about.contact().url().toString()));
        }
        return iri;
    }
}
