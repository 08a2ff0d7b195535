package de.freiraum.catalog.dcat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.Catalogues;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.Dumps;
import de.freiraum.catalog.Dumps.Dump;
import de.freiraum.catalog.FileFormat;
import de.freiraum.catalog.dcat.Shapes.Rules;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.apache.jena.graph.Triple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents of a catalogue: valid by the official rules, the same in every syntax, complete over all pages. */
class CatalogueDocumentTest {
    private static final String CATALOG = Catalogues.BASE + "/catalog";
    private static final Node DATASET = NodeFactory.createURI("http://www.w3.org/ns/dcat#dataset");
    private static final Node TYPE = NodeFactory.createURI("http://www.w3.org/1999/02/22-rdf-syntax-ns#type");

    private final Catalogue catalogue = Catalogues.two();
    private final CatalogueDocument document = new CatalogueDocument(catalogue, CatalogueDocumentTest::dump, 3);

    /** November's tables are known. */
    private static @Nullable Dump dump(Dataset dataset, YearMonth month, FileFormat format) {
        return month.getMonthValue() == 11 && format == FileFormat.CSV ? new Dump(42, "ab".repeat(32)) : null;
    }

    static Stream<Arguments> rulesAndSyntaxes() {
        return Stream.of(Rules.values())
                .flatMap(rules -> Stream.of(RdfSyntax.values()).map(syntax -> Arguments.of(rules, syntax)));
    }

    @ParameterizedTest
    @MethodSource("rulesAndSyntaxes")
    void everyPageIsWithoutViolation(Rules rules, RdfSyntax syntax) {
        assertThat(rules.size()).isPositive();
        for (int page = 1; page <= document.pages(); page++) {
            assertThat(rules.findings(document.page(page, CATALOG, syntax), syntax.mediaType(), false))
                    .as("page %d", page)
                    .isEmpty();
        }
    }

    @Test
    void theGermanRulesDoNotEvenWarn() {
        byte[] page = document.page(1, CATALOG, RdfSyntax.TURTLE);
        assertThat(Rules.DCAT_AP_DE_3_0.findings(page, "text/turtle", true)).isEmpty();
        assertThat(Rules.CONVENTIONS_2_0.findings(page, "text/turtle", true)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Rules.class)
    void theRulesFindWhatIsWrong(Rules rules) {
        String broken = new String(document.page(1, CATALOG, RdfSyntax.TURTLE), StandardCharsets.UTF_8)
                .replaceAll("dct(erms)?:(title|publisher|license)", "dcterms:nothing");
        assertThat(rules.findings(broken.getBytes(StandardCharsets.UTF_8), "text/turtle", true))
                .isNotEmpty();
    }

    @Test
    void filesThatStayHaveTheirLengthAndChecksum() {
        String pages = "";
        for (int page = 1; page <= document.pages(); page++) {
            pages += new String(document.page(page, CATALOG, RdfSyntax.TURTLE), StandardCharsets.UTF_8);
        }

        assertThat(pages)
                .contains("spdx:checksumValue \"" + "ab".repeat(32) + "\"^^xsd:hexBinary")
                .contains("spdx:algorithm spdx:checksumAlgorithm_sha256")
                .contains("dcat:byteSize \"42\"^^xsd:nonNegativeInteger");
        assertThat(pages.split("dcat:byteSize", -1)).hasSize(1 + 6);
    }

    @Test
    void theDefaultsAreWithoutViolation() {
        Catalogue byDefault = new Catalogue(Catalogues.publication("{}").about(), catalogue.datasets());
        byte[] page = new CatalogueDocument(byDefault, Dumps.NONE, 100).page(1, CATALOG, RdfSyntax.TURTLE);
        assertThat(Rules.DCAT_AP_3_0_1.findings(page, "text/turtle", false)).isEmpty();
        assertThat(Rules.DCAT_AP_DE_3_0.findings(page, "text/turtle", false)).isEmpty();
    }

    @Test
    void anEmptyCatalogueIsOneValidPage() {
        CatalogueDocument empty = new CatalogueDocument(new Catalogue(catalogue.about(), List.of()), Dumps.NONE, 3);
        assertThat(empty.pages()).isEqualTo(1);
        assertThat(Rules.DCAT_AP_3_0_1.findings(empty.page(1, CATALOG, RdfSyntax.TURTLE), "text/turtle", false))
                .isEmpty();
    }

    @Test
    void allSyntaxesSayTheSame() {
        for (int page = 1; page <= document.pages(); page++) {
            Graph turtle = parsed(page, RdfSyntax.TURTLE);
            assertThat(parsed(page, RdfSyntax.RDF_XML).isIsomorphicWith(turtle)).isTrue();
            assertThat(parsed(page, RdfSyntax.JSON_LD).isIsomorphicWith(turtle)).isTrue();
        }
    }

    @Test
    void thePagesHoldEveryDatasetOnceAndLinkOneAfterTheOther() {
        Set<String> seen = new HashSet<>();
        String next = CATALOG + "?page=1";
        int pages = 0;
        while (next != null) {
            pages++;
            assertThat(next).isEqualTo(CATALOG + "?page=" + pages);
            Graph page = parsed(pages, RdfSyntax.TURTLE);
            page.find(NodeFactory.createURI(CATALOG), DATASET, Node.ANY).forEachRemaining(t -> {
                assertThat(seen.add(t.getObject().getURI())).isTrue();
                assertThat(page.contains(t.getObject(), TYPE, Node.ANY)).isTrue();
            });
            next = page.find(Node.ANY, NodeFactory.createURI("http://www.w3.org/ns/hydra/core#next"), Node.ANY)
                    .nextOptional()
                    .map(Triple::getObject)
                    .map(Node::getURI)
                    .orElse(null);
        }
        assertThat(pages).isEqualTo(document.pages());
        // eight live datasets; six of them with the months October to December
        assertThat(seen).hasSize(8 + 6 * 3);
    }

    @Test
    void theSameCatalogueGivesTheSameBytes() {
        for (RdfSyntax syntax : RdfSyntax.values()) {
            assertThat(document.page(2, CATALOG, syntax))
                    .isEqualTo(new CatalogueDocument(Catalogues.two(), CatalogueDocumentTest::dump, 3)
                            .page(2, CATALOG, syntax));
        }
    }

    @Test
    void onlyPlacesPeriodsAndChecksumsAreBlankNodes() {
        Graph page = parsed(1, RdfSyntax.TURTLE);
        assertThat(page.find(Node.ANY, TYPE, Node.ANY)
                        .filterKeep(t -> t.getSubject().isBlank())
                        .mapWith(t -> t.getObject().getLocalName())
                        .toSet())
                .containsExactlyInAnyOrder("Location", "PeriodOfTime", "Checksum");
    }

    @Test
    void highValueDatasetsNameCategoryAndLaw() {
        String turtle = new String(
                new CatalogueDocument(catalogue, Dumps.NONE, 100).page(1, CATALOG, RdfSyntax.TURTLE),
                StandardCharsets.UTF_8);
        assertThat(turtle)
                .contains("dcatap:hvdCategory <http://data.europa.eu/bna/c_b79e35eb>")
                .contains("dcatap:applicableLegislation <http://data.europa.eu/eli/reg_impl/2023/138/oj>");
    }

    @Test
    void thereIsNoPageBehindTheLast() {
        assertThatThrownBy(() -> document.page(document.pages() + 1, CATALOG, RdfSyntax.TURTLE))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> document.page(0, CATALOG, RdfSyntax.TURTLE))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private Graph parsed(int page, RdfSyntax syntax) {
        return Shapes.parse(document.page(page, CATALOG, syntax), syntax.mediaType());
    }
}
