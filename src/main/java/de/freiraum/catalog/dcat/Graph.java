package de.freiraum.catalog.dcat;

import de.freiraum.catalog.Language;
import de.freiraum.catalog.Text;
import java.time.LocalDate;
import org.eclipse.rdf4j.model.BNode;
import org.eclipse.rdf4j.model.IRI;
import org.eclipse.rdf4j.model.Model;
import org.eclipse.rdf4j.model.Resource;
import org.eclipse.rdf4j.model.Value;
import org.eclipse.rdf4j.model.ValueFactory;
import org.eclipse.rdf4j.model.impl.LinkedHashModel;
import org.eclipse.rdf4j.model.impl.SimpleValueFactory;
import org.eclipse.rdf4j.model.vocabulary.DCAT;
import org.eclipse.rdf4j.model.vocabulary.DCTERMS;
import org.eclipse.rdf4j.model.vocabulary.FOAF;
import org.eclipse.rdf4j.model.vocabulary.RDF;
import org.eclipse.rdf4j.model.vocabulary.RDFS;
import org.eclipse.rdf4j.model.vocabulary.SKOS;
import org.eclipse.rdf4j.model.vocabulary.VCARD4;
import org.eclipse.rdf4j.model.vocabulary.XSD;

/** A graph under construction. */
final class Graph {
    private final ValueFactory values = SimpleValueFactory.getInstance();
    private final Model model = new LinkedHashModel();

    Graph() {
        model.setNamespace(DCAT.NS);
        model.setNamespace(DCTERMS.NS);
        model.setNamespace(FOAF.NS);
        model.setNamespace("vcard", VCARD4.NAMESPACE);
        model.setNamespace(RDF.NS);
        model.setNamespace(RDFS.NS);
        model.setNamespace(SKOS.NS);
        model.setNamespace(XSD.NS);
        model.setNamespace("dcatap", Terms.DCATAP);
        model.setNamespace("dcatde", Terms.DCATDE);
        model.setNamespace("hydra", Terms.HYDRA);
        model.setNamespace("gsp", Terms.GEOSPARQL);
        model.setNamespace("spdx", Terms.SPDX);
    }

    Model model() {
        return model;
    }

    Graph add(Resource subject, IRI predicate, Value object) {
        model.add(subject, predicate, object);
        return this;
    }

    Graph add(Resource subject, IRI predicate, String literal) {
        return add(subject, predicate, values.createLiteral(literal));
    }

    Graph add(Resource subject, IRI predicate, long number) {
        return add(subject, predicate, values.createLiteral(Long.toString(number), XSD.INTEGER));
    }

    Graph add(Resource subject, IRI predicate, LocalDate day) {
        return add(subject, predicate, values.createLiteral(day.toString(), XSD.DATE));
    }

    Graph typed(Resource subject, IRI predicate, String literal, IRI datatype) {
        return add(subject, predicate, values.createLiteral(literal, datatype));
    }

    /** In both languages. */
    Graph add(Resource subject, IRI predicate, Text text) {
        for (Language language : Language.values()) {
            add(subject, predicate, values.createLiteral(text.in(language), language.tag()));
        }
        return this;
    }

    Graph add(Resource subject, IRI predicate, String literal, Language language) {
        return add(subject, predicate, values.createLiteral(literal, language.tag()));
    }

    Graph type(Resource subject, IRI type) {
        return add(subject, RDF.TYPE, type);
    }

    /** Refers to something elsewhere and says what it is, as strict readers want to know. */
    Graph refer(Resource subject, IRI predicate, IRI object, IRI type) {
        return add(subject, predicate, object).type(object, type);
    }

    IRI iri(String text) {
        return values.createIRI(text);
    }

    /** A node without an address; the name keeps apart the nodes of one document. */
    BNode node(String name) {
        return values.createBNode(name.replaceAll("[^A-Za-z0-9]", "x"));
    }
}
