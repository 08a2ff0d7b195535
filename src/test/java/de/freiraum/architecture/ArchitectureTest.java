package de.freiraum.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who may know whom. The table is the one of docs/architecture.md. */
class ArchitectureTest {
    private static final String ROOT = "de.freiraum.";

    private static final Set<String> CORE =
            Set.of("model", "json", "jsonld", "query", "registration", "representation");

    /** For each package the packages it may use beside itself. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("model", Set.of()),
            entry("json", Set.of("model")),
            entry("jsonld", Set.of("model", "json")),
            entry("query", Set.of("model")),
            entry("registration", Set.of("model", "query")),
            entry("representation", Set.of("model", "json", "jsonld", "query", "registration")),
            entry("shard", Set.of()),
            entry("egress", Set.of()),
            entry("config", Set.of()),
            entry("ops", Set.of("model", "json")),
            entry("security", Set.of("model", "json")),
            entry("store", Set.of("model", "query")),
            entry("store.embedded", Set.of("store", "model", "query", "json", "shard", "ops")),
            entry("store.mongodb", Set.of("store", "model", "query", "json", "shard")),
            entry(
                    "broker",
                    Set.of(
                            "model",
                            "json",
                            "jsonld",
                            "query",
                            "registration",
                            "representation",
                            "store",
                            "egress",
                            "ops")),
            entry(
                    "federation",
                    Set.of(
                            "broker",
                            "model",
                            "json",
                            "jsonld",
                            "query",
                            "registration",
                            "representation",
                            "store",
                            "egress",
                            "ops")),
            entry(
                    "http",
                    Set.of(
                            "broker",
                            "federation",
                            "model",
                            "json",
                            "jsonld",
                            "query",
                            "registration",
                            "representation",
                            "store",
                            "security",
                            "ops",
                            "web")),
            entry(
                    "notify",
                    Set.of(
                            "broker",
                            "model",
                            "json",
                            "jsonld",
                            "query",
                            "registration",
                            "representation",
                            "store",
                            "egress",
                            "ops")),
            entry(
                    "ingest",
                    Set.of("broker", "model", "json", "jsonld", "store", "security", "config", "ops", "egress")),
            entry("aggregate", Set.of("broker", "model", "json", "jsonld", "query", "store", "config", "ops")),
            entry(
                    "catalog",
                    Set.of(
                            "broker",
                            "model",
                            "json",
                            "jsonld",
                            "query",
                            "representation",
                            "store",
                            "config",
                            "ops",
                            "web")),
            entry("retention", Set.of("model", "query", "store")),
            entry("web", Set.of()),
            entry("formats", Set.of("catalog", "broker", "model", "json", "jsonld", "query", "store", "web")),
            entry("dashboard", Set.of("broker", "model", "json", "jsonld", "query", "representation", "store", "ops")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("de.freiraum");

    @TestFactory
    Stream<DynamicTest> usesOnlyThePackagesOfItsRow() {
        return MAY_USE.keySet().stream()
                .filter(row -> CLASSES.stream().anyMatch(c -> row.equals(rowOf(c))))
                .map(row -> DynamicTest.dynamicTest(row, () -> checkRow(row, MAY_USE.get(row))));
    }

    @Test
    void everyPackageButTheCompositionRootHasARow() {
        assertThat(CLASSES.stream()
                        .map(ArchitectureTest::rowOf)
                        .filter(row -> !MAY_USE.containsKey(row))
                        .distinct())
                .allMatch(row -> row.startsWith(ROOT + "app."), "belongs to the composition root");
    }

    @Test
    void theCoreKnowsNoVertx() {
        noClasses()
                .that(describe("are in the core", c -> CORE.contains(rowOf(c))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "org.rocksdb..", "com.mongodb..", "org.bson..")
                .check(CLASSES);
    }

    @Test
    void descriptionsOfDatasetsKnowNoVertx() {
        noClasses()
                .that()
                .resideInAPackage("de.freiraum.catalog.dcat")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "de.freiraum.broker..", "de.freiraum.store..")
                .check(CLASSES);
    }

    @Test
    void onlyDescriptionsOfDatasetsKnowTheRdfLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("de.freiraum.catalog.dcat")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.rdf4j..")
                .check(CLASSES);
    }

    @Test
    void aForbiddenDirectionIsFound() {
        assertThatThrownBy(() -> checkRow("query", Set.of())).isInstanceOf(AssertionError.class);
    }

    private static void checkRow(String row, Set<String> allowed) {
        noClasses()
                .that(describe("are in " + row, c -> row.equals(rowOf(c))))
                .should()
                .dependOnClassesThat(describe(
                        "are in a package its row does not name",
                        c -> c.getPackageName().startsWith(ROOT)
                                && !row.equals(rowOf(c))
                                && !allowed.contains(rowOf(c))))
                .check(CLASSES);
    }

    /** The longest row whose package holds the class; the package itself when no row does. */
    private static String rowOf(JavaClass c) {
        String name = c.getPackageName() + ".";
        return MAY_USE.keySet().stream()
                .filter(row -> name.startsWith(ROOT + row + "."))
                .max(Comparator.comparingInt(String::length))
                .orElse(name);
    }
}
