package de.freiraum.catalog.dcat;

import de.freiraum.catalog.Addresses;
import de.freiraum.catalog.Box;
import de.freiraum.catalog.Catalogue.About;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.Dumps;
import de.freiraum.catalog.Dumps.Dump;
import de.freiraum.catalog.FileFormat;
import de.freiraum.catalog.Language;
import de.freiraum.catalog.Licence;
import de.freiraum.catalog.Text;
import java.net.URI;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import org.eclipse.rdf4j.model.BNode;
import org.eclipse.rdf4j.model.IRI;
import org.eclipse.rdf4j.model.vocabulary.DCAT;
import org.eclipse.rdf4j.model.vocabulary.DCTERMS;
import org.eclipse.rdf4j.model.vocabulary.FOAF;
import org.eclipse.rdf4j.model.vocabulary.SKOS;
import org.eclipse.rdf4j.model.vocabulary.XSD;
import org.jspecify.annotations.Nullable;

/** Describes datasets with their distributions: the current state, the months of the past, and the series that these make. */
final class DatasetGraph {
    private final Graph graph;
    private final About about;
    private final Addresses addresses;
    private final Agents agents;
    private final Dumps dumps;

    DatasetGraph(Graph graph, About about, Agents agents, Dumps dumps) {
        this.dumps = dumps;
        this.graph = graph;
        this.about = about;
        this.addresses = new Addresses(about.base());
        this.agents = agents;
    }

    /** Describes it. @return its IRI */
    IRI add(Entry entry) {
        return entry instanceof Entry.Month month ? month(month.dataset(), month.month()) : live(entry.dataset());
    }

    private IRI live(Dataset dataset) {
        IRI iri = graph.iri(addresses.dataset(dataset));
        Text note = new Text(
                " Dieser Datensatz ist der jeweils aktuelle Stand.", " This dataset is the state as it is now.");
        common(iri, dataset, dataset.title(), note, dataset.kind().frequency());
        graph.type(iri, DCAT.DATASET).add(iri, DCTERMS.ISSUED, dataset.issuedOn());
        graph.add(iri, DCTERMS.MODIFIED, dataset.modifiedOn());
        landingPage(iri);
        if (dataset.group() != null) {
            graph.add(iri, DCTERMS.IS_PART_OF, graph.iri(addresses.whole(dataset)));
        }
        if (dataset.firstObserved() != null) {
            period(
                    iri,
                    LocalDate.ofInstant(dataset.firstObserved(), dataset.city().zone()),
                    null);
        }
        for (FileFormat format : FileFormat.values()) {
            IRI distribution = distribution(iri, dataset, addresses.dataset(dataset), format, dataset.title());
            graph.add(distribution, DCTERMS.MODIFIED, dataset.modifiedOn());
            if (format == FileFormat.NGSI_LD) {
                graph.add(distribution, DCAT.ACCESS_SERVICE, graph.iri(addresses.inCatalogue("ngsi-ld")));
            }
        }
        return iri;
    }

    private IRI month(Dataset dataset, YearMonth month) {
        IRI iri = graph.iri(addresses.month(dataset, month));
        Text title = new Text(
                dataset.title().de() + ", " + named(month, Language.DE),
                dataset.title().en() + ", " + named(month, Language.EN));
        Text note = new Text(
                " Dieser Datensatz enthält alle Beobachtungen eines Monats.",
                " This dataset holds all observations of one month.");
        LocalDate end = month.atEndOfMonth();
        LocalDate modified = dataset.modifiedOn().isBefore(end) ? dataset.modifiedOn() : end;
        boolean over = dataset.modifiedOn().isAfter(end);
        common(iri, dataset, title, note, over ? "NEVER" : dataset.kind().frequency());
        graph.type(iri, DCAT.DATASET)
                .add(iri, DCTERMS.ISSUED, month.atDay(1))
                .add(iri, DCTERMS.MODIFIED, modified)
                .add(iri, Terms.IN_SERIES, graph.iri(addresses.history(dataset)));
        landingPage(iri);
        period(iri, month.atDay(1), end);
        for (FileFormat format : FileFormat.values()) {
            if (format.ofPast()) {
                IRI distribution = distribution(iri, dataset, addresses.month(dataset, month), format, title);
                graph.add(distribution, DCTERMS.MODIFIED, modified);
                checksum(distribution, dumps.find(dataset, month, format));
            }
        }
        return iri;
    }

    /** What stays as it is can be checked. */
    private void checksum(IRI distribution, @Nullable Dump dump) {
        if (dump != null) {
            BNode checksum = graph.node("checksum"
                    + distribution.stringValue().substring(about.base().length()));
            graph.typed(distribution, Terms.BYTE_SIZE, Long.toString(dump.length()), XSD.NON_NEGATIVE_INTEGER)
                    .add(distribution, Terms.CHECKSUM, checksum)
                    .type(checksum, Terms.CHECKSUM_CLASS)
                    .refer(checksum, Terms.CHECKSUM_ALGORITHM, Terms.SHA_256, Terms.CHECKSUM_ALGORITHM_CLASS)
                    .typed(checksum, Terms.CHECKSUM_VALUE, dump.sha256(), XSD.HEXBINARY);
        }
    }

    private static String named(YearMonth month, Language language) {
        return DateTimeFormatter.ofPattern("MMMM uuuu", language.locale()).format(month);
    }

    /** Describes the series of a dataset's months. */
    void series(Dataset dataset) {
        IRI iri = graph.iri(addresses.history(dataset));
        Text note = new Text(
                " Diese Reihe enthält, was beobachtet wurde, ein Datensatz je Monat.",
                " This series holds what was observed, one dataset a month.");
        Text title = new Text(
                dataset.title().de() + ", nach Monaten", dataset.title().en() + ", by month");
        graph.type(iri, Terms.DATASET_SERIES)
                .add(iri, DCTERMS.TITLE, title)
                .add(iri, DCTERMS.DESCRIPTION, dataset.kind().description().plus(note))
                .add(iri, DCTERMS.PUBLISHER, agents.publisher(dataset.city()))
                .add(iri, DCAT.CONTACT_POINT, agents.contact())
                .add(iri, DCTERMS.ISSUED, dataset.issuedOn())
                .add(iri, DCTERMS.MODIFIED, dataset.modifiedOn());
        graph.refer(iri, DCTERMS.ACCRUAL_PERIODICITY, Terms.authority("frequency", "MONTHLY"), DCTERMS.FREQUENCY);
        spatial(iri, dataset);
        legislation(iri, dataset);
        if (dataset.firstObserved() != null) {
            period(
                    iri,
                    LocalDate.ofInstant(dataset.firstObserved(), dataset.city().zone()),
                    null);
        }
    }

    private void common(IRI iri, Dataset dataset, Text title, Text note, String frequency) {
        graph.add(iri, DCTERMS.TITLE, title)
                .add(
                        iri,
                        DCTERMS.DESCRIPTION,
                        dataset.kind().description().plus(note).plus(simulated()))
                .add(iri, DCTERMS.IDENTIFIER, iri.stringValue())
                .add(iri, DCTERMS.PUBLISHER, agents.publisher(dataset.city()))
                .add(iri, DCAT.CONTACT_POINT, agents.contact());
        for (Language language : Language.values()) {
            dataset.kind().keywords().in(language).forEach(word -> graph.add(iri, DCAT.KEYWORD, word, language));
            graph.add(iri, DCAT.KEYWORD, dataset.city().name(), language);
            if (dataset.group() != null) {
                graph.add(iri, DCAT.KEYWORD, dataset.group().name(), language);
            }
        }
        dataset.kind().themes().forEach(theme -> {
            IRI concept = Terms.authority("data-theme", theme);
            graph.refer(iri, DCAT.THEME, concept, SKOS.CONCEPT).add(concept, SKOS.PREF_LABEL, theme);
        });
        graph.refer(iri, DCTERMS.ACCRUAL_PERIODICITY, Terms.authority("frequency", frequency), DCTERMS.FREQUENCY)
                .refer(iri, DCTERMS.ACCESS_RIGHTS, Terms.authority("access-right", "PUBLIC"), DCTERMS.RIGHTS_STATEMENT)
                .refer(iri, DCTERMS.LANGUAGE, Terms.authority("language", "DEU"), DCTERMS.LINGUISTIC_SYSTEM);
        availability(iri);
        if (about.contributorId() != null) {
            graph.add(iri, Terms.CONTRIBUTOR_ID, graph.iri(about.contributorId()));
        }
        spatial(iri, dataset);
        legislation(iri, dataset);
    }

    private Text simulated() {
        return about.simulated()
                ? new Text(" Vorführbetrieb: Alle Werte sind simuliert.", " Demonstration: all values are simulated.")
                : Text.of("");
    }

    private void availability(IRI iri) {
        IRI planned =
                Terms.authority("planned-availability", about.availability().name());
        graph.refer(iri, Terms.AVAILABILITY, planned, SKOS.CONCEPT)
                .add(planned, SKOS.PREF_LABEL, about.availability().name());
    }

    private void landingPage(IRI iri) {
        graph.refer(iri, DCAT.LANDING_PAGE, graph.iri(about.base() + "/"), FOAF.DOCUMENT);
    }

    private void spatial(IRI iri, Dataset dataset) {
        String key = dataset.city().municipalityKey();
        if (key != null) {
            graph.refer(iri, DCTERMS.SPATIAL, graph.iri(Terms.MUNICIPALITY_KEY + key), DCTERMS.LOCATION)
                    .add(iri, Terms.GEOCODING_LEVEL, Terms.GEOCODING_MUNICIPALITY);
        }
        Box box = dataset.box();
        if (box != null) {
            BNode place = graph.node(
                    "place" + iri.stringValue().substring(about.base().length()));
            graph.add(iri, DCTERMS.SPATIAL, place)
                    .type(place, DCTERMS.LOCATION)
                    .typed(place, DCAT.BBOX, box.wkt(), Terms.WKT);
        }
    }

    private void period(IRI iri, LocalDate start, @Nullable LocalDate end) {
        BNode period =
                graph.node("period" + iri.stringValue().substring(about.base().length()));
        graph.add(iri, DCTERMS.TEMPORAL, period)
                .type(period, DCTERMS.PERIOD_OF_TIME)
                .add(period, DCAT.START_DATE, start);
        if (end != null) {
            graph.add(period, DCAT.END_DATE, end);
        }
    }

    /** High-value datasets say by which category and law they are. */
    private void legislation(IRI iri, Dataset dataset) {
        URI category = dataset.kind().hvdCategory();
        if (category != null) {
            IRI concept = graph.iri(category.toString());
            graph.refer(iri, Terms.HVD_CATEGORY, concept, SKOS.CONCEPT).add(concept, SKOS.PREF_LABEL, "HVD");
            graph.refer(iri, Terms.APPLICABLE_LEGISLATION, Terms.HVD_REGULATION, Terms.LEGAL_RESOURCE);
        }
    }

    private IRI distribution(IRI of, Dataset dataset, String address, FileFormat format, Text title) {
        IRI iri = graph.iri(address + "#" + format.suffix());
        IRI file = graph.iri(address + "." + format.suffix());
        Licence licence = dataset.kind().licence();
        graph.add(of, DCAT.HAS_DISTRIBUTION, iri)
                .type(iri, DCAT.DISTRIBUTION)
                .add(iri, DCTERMS.TITLE, title.plus(" (" + format.label() + ")"))
                .add(iri, DCTERMS.DESCRIPTION, describe(format))
                .add(iri, DCAT.ACCESS_URL, file)
                .add(iri, DCAT.DOWNLOAD_URL, file)
                .refer(
                        iri,
                        DCTERMS.FORMAT,
                        Terms.authority("file-type", format.euFileType()),
                        DCTERMS.MEDIA_TYPE_OR_EXTENT)
                .refer(iri, DCTERMS.LICENSE, graph.iri(licence.iri()), DCTERMS.LICENSE_DOCUMENT);
        if (format.ianaType() != null) {
            graph.refer(iri, DCAT.MEDIA_TYPE, graph.iri(Terms.MEDIA_TYPES + format.ianaType()), DCTERMS.MEDIA_TYPE);
        }
        if (licence.attribution()) {
            graph.add(iri, Terms.ATTRIBUTION_TEXT, about.attribution(), Language.DE);
        }
        availability(iri);
        if (dataset.kind().hvdCategory() != null) {
            graph.refer(iri, Terms.APPLICABLE_LEGISLATION, Terms.HVD_REGULATION, Terms.LEGAL_RESOURCE);
        }
        return iri;
    }

    private static Text describe(FileFormat format) {
        return switch (format) {
            case CSV ->
                new Text(
                        "Tabelle mit Kopfzeile, UTF-8, Komma als Trennzeichen.",
                        "Table with a header row, UTF-8, separated by commas.");
            case GEO_JSON ->
                new Text("Für Karten und Geoinformationssysteme.", "For maps and geographic information systems.");
            case NDJSON -> new Text("Ein JSON-Objekt je Zeile.", "One JSON object on each line.");
            case NGSI_LD ->
                new Text(
                        "Vollständig, mit Zeitstempeln und Einheiten, nach dem Standard ETSI GS CIM 009.",
                        "Complete, with times and units, by the standard ETSI GS CIM 009.");
        };
    }
}
