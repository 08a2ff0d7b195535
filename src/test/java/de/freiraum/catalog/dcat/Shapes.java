package de.freiraum.catalog.dcat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.graph.Triple;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.shacl.ShaclValidator;
import org.apache.jena.shacl.validation.ReportEntry;
import org.apache.jena.shacl.validation.Severity;
import org.apache.jena.sparql.graph.GraphFactory;

/** The rules of DCAT-AP and DCAT-AP.de, and what they say about a document. */
public final class Shapes {
    private static final String FOLDER = "/catalog/shapes/";
    private static final Node PROPERTY = NodeFactory.createURI("http://www.w3.org/ns/shacl#property");
    private static final Node PATH = NodeFactory.createURI("http://www.w3.org/ns/shacl#path");
    private static final Graph VOCABULARY = read("vocabulary.ttl");

    /** Sets of rules, by name, that hold together. */
    public enum Rules {
        DCAT_AP_3_0_1("dcat-ap-SHACL.ttl"),
        DCAT_AP_3_0_1_BASE("shapes.ttl"),
        DCAT_AP_3_0_1_RECOMMENDED("shapes_recommended.ttl"),
        DCAT_AP_DE_3_0(
                "dcat-ap-3.0.0-SHACL.ttl",
                "dcat-ap-SHACL-DE.ttl",
                "dcat-ap-spec-german-additions.ttl",
                "dcat-ap-de-deprecated.ttl"),
        CONVENTIONS_2_0("dcat-ap-konventionen-2.0.ttl");

        @SuppressWarnings("ImmutableEnumChecker") // read once, and only asked
        private final org.apache.jena.shacl.Shapes shapes;

        Rules(String... files) {
            Graph rules = GraphFactory.createDefaultGraph();
            for (String file : files) {
                read(file).find().forEachRemaining(rules::add);
            }
            dropDangling(rules);
            shapes = org.apache.jena.shacl.Shapes.parse(rules);
        }

        /** How many shapes there are. */
        public int size() {
            return shapes.numShapes();
        }

        /** What is wrong, in one line each: violations, or warnings too. */
        public List<String> findings(byte[] document, String mediaType, boolean warnings) {
            Graph data = parse(document, mediaType);
            VOCABULARY.find().forEachRemaining(data::add);
            List<String> findings = new ArrayList<>();
            for (ReportEntry entry : ShaclValidator.get().validate(shapes, data).getEntries()) {
                if (warnings || entry.severity().level().equals(Severity.Violation.level())) {
                    findings.add(entry.focusNode() + " " + entry.resultPath() + " " + entry.value() + ": "
                            + entry.message());
                }
            }
            return findings;
        }
    }

    private Shapes() {}

    /** The statements of a document. */
    public static Graph parse(byte[] document, String mediaType) {
        Graph graph = GraphFactory.createDefaultGraph();
        RDFDataMgr.read(
                graph,
                new ByteArrayInputStream(document),
                switch (mediaType) {
                    case "text/turtle" -> Lang.TURTLE;
                    case "application/rdf+xml" -> Lang.RDFXML;
                    case "application/ld+json" -> Lang.JSONLD11;
                    default -> throw new IllegalArgumentException(mediaType);
                });
        return graph;
    }

    private static Graph read(String file) {
        Graph graph = GraphFactory.createDefaultGraph();
        RDFDataMgr.read(graph, Shapes.class.getResourceAsStream(FOLDER + file), Lang.TURTLE);
        return graph;
    }

    /** Two rules of DCAT-AP 3.0.1 name property shapes that the file does not have. */
    private static void dropDangling(Graph rules) {
        List<Triple> dangling = rules.find(Node.ANY, PROPERTY, Node.ANY)
                .filterDrop(t -> rules.contains(t.getObject(), PATH, Node.ANY))
                .toList();
        dangling.forEach(rules::delete);
    }
}
