package de.freiraum.catalog.dcat;

import de.freiraum.catalog.Addresses;
import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.Catalogue.About;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.Dumps;
import de.freiraum.catalog.Language;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.eclipse.rdf4j.model.IRI;
import org.eclipse.rdf4j.model.Model;
import org.eclipse.rdf4j.model.vocabulary.DCAT;
import org.eclipse.rdf4j.model.vocabulary.DCTERMS;
import org.eclipse.rdf4j.model.vocabulary.FOAF;
import org.eclipse.rdf4j.model.vocabulary.SKOS;

/**
 * The catalogue as documents. Each page is complete in itself: it describes its datasets with their distributions, publishers and contacts, the
 * services, and the way to the other pages (Hydra, under its current and its older names).
 */
public final class CatalogueDocument {
    private final Catalogue catalogue;
    private final About about;
    private final Addresses addresses;
    private final Dumps dumps;
    private final int pageSize;
    private final List<Entry> entries;

    /**
     * Of that catalogue.
     *
     * @param dumps knows the files that do not change any more
     * @param pageSize datasets on a page, above 0
     */
    public CatalogueDocument(Catalogue catalogue, Dumps dumps, int pageSize) {
        this.catalogue = catalogue;
        this.dumps = dumps;
        this.about = catalogue.about();
        this.addresses = new Addresses(about.base());
        this.pageSize = pageSize;
        this.entries = Entry.of(catalogue);
    }

    /** How many pages there are: at least one. */
    public int pages() {
        return Math.max(1, (entries.size() + pageSize - 1) / pageSize);
    }

    /**
     * One page.
     *
     * @param number from 1 to {@link #pages()}
     * @param address of the pages, without a query: with the suffix of the syntax if the reader asked for that
     */
    public byte[] page(int number, String address, RdfSyntax syntax) {
        return syntax.write(pageModel(number, address));
    }

    /** The same as statements. */
    Model pageModel(int number, String address) {
        Objects.checkIndex(number - 1, pages());
        int from = (number - 1) * pageSize;
        List<Entry> shown = entries.subList(from, Math.min(from + pageSize, entries.size()));
        Graph graph = new Graph();
        IRI catalog = catalog(graph);
        paging(graph, catalog, number, address);
        describe(graph, catalog, shown);
        return graph.model();
    }

    /** Everything that is published of one type, without the rest of the catalogue. */
    public byte[] dataset(Dataset dataset, RdfSyntax syntax) {
        Graph graph = new Graph();
        describe(graph, catalog(graph), Entry.of(dataset));
        return syntax.write(graph.model());
    }

    private IRI catalog(Graph graph) {
        IRI iri = graph.iri(addresses.catalogue());
        Agents agents = new Agents(graph, about);
        graph.type(iri, DCAT.CATALOG)
                .add(iri, DCTERMS.TITLE, about.title())
                .add(iri, DCTERMS.DESCRIPTION, about.description())
                .add(iri, DCTERMS.PUBLISHER, agents.publisher())
                .refer(iri, FOAF.HOMEPAGE, graph.iri(about.base() + "/"), FOAF.DOCUMENT)
                .refer(iri, DCTERMS.LICENSE, graph.iri(about.licence().iri()), DCTERMS.LICENSE_DOCUMENT)
                .refer(iri, DCTERMS.LANGUAGE, Terms.authority("language", "DEU"), DCTERMS.LINGUISTIC_SYSTEM)
                .refer(iri, DCTERMS.LANGUAGE, Terms.authority("language", "ENG"), DCTERMS.LINGUISTIC_SYSTEM);
        IRI themes = graph.iri(Terms.AUTHORITY + "data-theme");
        graph.refer(iri, DCAT.THEME_TAXONOMY, themes, SKOS.CONCEPT_SCHEME)
                .add(themes, DCTERMS.TITLE, "Data theme", Language.EN);
        catalogue.datasets().stream()
                .map(Dataset::issuedOn)
                .min(LocalDate::compareTo)
                .ifPresent(day -> graph.add(iri, DCTERMS.ISSUED, day));
        catalogue.datasets().stream()
                .map(Dataset::modifiedOn)
                .max(LocalDate::compareTo)
                .ifPresent(day -> graph.add(iri, DCTERMS.MODIFIED, day));
        catalogue.datasets().stream()
                .map(dataset -> dataset.city().municipalityKey())
                .filter(Objects::nonNull)
                .distinct()
                .forEach(key ->
                        graph.refer(iri, DCTERMS.SPATIAL, graph.iri(Terms.MUNICIPALITY_KEY + key), DCTERMS.LOCATION));
        return iri;
    }

    private void describe(Graph graph, IRI catalog, List<Entry> shown) {
        Agents agents = new Agents(graph, about);
        DatasetGraph datasets = new DatasetGraph(graph, about, agents, dumps);
        List<Dataset> live = new ArrayList<>();
        Set<Dataset> series = new LinkedHashSet<>();
        for (Entry entry : shown) {
            IRI dataset = datasets.add(entry);
            graph.add(catalog, DCAT.HAS_DATASET, dataset);
            if (entry instanceof Entry.Live) {
                live.add(entry.dataset());
            } else {
                series.add(entry.dataset());
            }
        }
        series.forEach(datasets::series);
        new Services(graph, about, addresses, agents).add(catalog, live);
    }

    private void paging(Graph graph, IRI catalog, int number, String address) {
        IRI view = page(graph, address, number);
        graph.type(view, Terms.HYDRA_VIEW_CLASS)
                .type(view, Terms.HYDRA_PAGED_COLLECTION)
                .add(catalog, Terms.HYDRA_VIEW, view)
                .add(view, Terms.HYDRA_TOTAL, entries.size())
                .add(view, Terms.HYDRA_PER_PAGE, pageSize);
        link(graph, view, "first", page(graph, address, 1));
        link(graph, view, "last", page(graph, address, pages()));
        if (number > 1) {
            link(graph, view, "previous", page(graph, address, number - 1));
        }
        if (number < pages()) {
            link(graph, view, "next", page(graph, address, number + 1));
        }
    }

    private static void link(Graph graph, IRI view, String relation, IRI page) {
        graph.add(view, Terms.hydra(relation), page).add(view, Terms.hydra(relation + "Page"), page);
    }

    private static IRI page(Graph graph, String address, int number) {
        return graph.iri(address + "?page=" + number);
    }
}
