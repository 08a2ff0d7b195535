package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.catalog.dcat.Shapes;
import de.freiraum.catalog.dcat.Shapes.Rules;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.graph.Triple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the catalogue of a real server promises is there. */
class PublishedDataTest {
    private static final String DCAT = "http://www.w3.org/ns/dcat#";
    private static final Node MEDIA_TYPE = NodeFactory.createURI(DCAT + "mediaType");
    private static final List<String> LEADING = List.of(
            DCAT + "accessURL",
            DCAT + "downloadURL",
            DCAT + "landingPage",
            DCAT + "endpointURL",
            DCAT + "endpointDescription",
            DCAT + "dataset",
            DCAT + "inSeries",
            "http://xmlns.com/foaf/0.1/page",
            "http://xmlns.com/foaf/0.1/homepage",
            "http://www.w3.org/ns/hydra/core#view");

    @Test
    void everyAddressInTheCatalogueAnswersWithTheMediaTypeThatItPromises(@TempDir Path folder) throws Exception {
        try (RealServer server = RealServer.start(folder)) {
            assertThat(server.post("/ngsi-ld/v1/entityOperations/create", """
                            [{"id":"urn:ngsi-ld:ParkingSpot:x:1","type":"https://smartdatamodels.org/dataModel.Parking/ParkingSpot",
                              "status":{"type":"Property","value":"free","observedAt":"2026-10-31T12:00:00Z"},
                              "location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[7.5,51.4]}}},
                             {"id":"urn:x:thing:1","type":"Thing","size":{"type":"Property","value":1}}]""").statusCode())
                    .isEqualTo(201);
            HttpResponse<String> answer = server.get("/catalog");
            byte[] document = answer.body().getBytes(StandardCharsets.UTF_8);
            assertThat(Rules.DCAT_AP_3_0_1.findings(document, "text/turtle", false))
                    .isEmpty();
            assertThat(Rules.DCAT_AP_DE_3_0.findings(document, "text/turtle", false))
                    .isEmpty();

            Graph catalogue = Shapes.parse(document, "text/turtle");
            Set<String> visited = new TreeSet<>();
            for (String property : LEADING) {
                for (Triple triple : catalogue
                        .find(Node.ANY, NodeFactory.createURI(property), Node.ANY)
                        .toList()) {
                    visit(server, catalogue, triple);
                    visited.add(property);
                }
            }
            assertThat(visited).containsExactlyInAnyOrderElementsOf(LEADING);
        }
    }

    private static void visit(RealServer server, Graph catalogue, Triple triple) throws Exception {
        URI address = URI.create(triple.getObject().getURI());
        assertThat(address.getHost()).isEqualTo("localhost");
        String path = address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery());
        HttpResponse<String> answer = server.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        List<Triple> promised =
                catalogue.find(triple.getSubject(), MEDIA_TYPE, Node.ANY).toList();
        if (triple.getPredicate().getURI().endsWith("URL") && !promised.isEmpty()) {
            String type = answer.headers().firstValue("Content-Type").orElse("").split(";")[0];
            assertThat(promised.get(0).getObject().getURI()).as(path).endsWith("/" + type);
            assertThat(answer.body()).as(path).isNotEmpty();
        }
    }
}
