package de.freiraum.catalog.dcat;

import de.freiraum.catalog.Addresses;
import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.Language;
import de.freiraum.catalog.Text;
import java.util.List;
import java.util.Set;
import org.eclipse.rdf4j.model.IRI;
import org.eclipse.rdf4j.model.vocabulary.DCAT;
import org.eclipse.rdf4j.model.vocabulary.DCTERMS;
import org.eclipse.rdf4j.model.vocabulary.FOAF;
import org.eclipse.rdf4j.model.vocabulary.SKOS;
import org.jspecify.annotations.Nullable;

/** The interfaces by which the datasets can be had, as {@code dcat:DataService}s. */
final class Services {
    private static final Set<String> PARKING = Set.of(
            "https://smartdatamodels.org/dataModel.Parking/ParkingSpot",
            "https://smartdatamodels.org/dataModel.Parking/OnStreetParking",
            "https://smartdatamodels.org/dataModel.Parking/OffStreetParking");

    private final Graph graph;
    private final Catalogue.About about;
    private final Addresses addresses;
    private final Agents agents;
    private final List<Service> services;

    /**
     * One interface.
     *
     * @param endpoint where it is
     * @param standard IRI of what it conforms to, or null
     * @param parkingOnly whether it serves parking alone
     */
    private record Service(
            IRI iri,
            Text title,
            Text description,
            IRI endpoint,
            @Nullable IRI standard,
            List<String> keywords,
            boolean parkingOnly) {}

    Services(Graph graph, Catalogue.About about, Addresses addresses, Agents agents) {
        this.graph = graph;
        this.about = about;
        this.addresses = addresses;
        this.agents = agents;
        this.services = List.of(
                new Service(
                        graph.iri(addresses.inCatalogue("ngsi-ld")),
                        new Text("NGSI-LD-Schnittstelle", "NGSI-LD interface"),
                        new Text(
                                "Alle Daten nach Art, Ort, Wert und Zeit abfragen und abonnieren. Die Daten einer Stadt nennt die Kopfzeile NGSILD-Tenant.",
                                "Query and subscribe to all data by type, place, value and time. The header NGSILD-Tenant names the city whose data is meant."),
                        graph.iri(addresses.api()),
                        Terms.NGSI_LD_STANDARD,
                        List.of("NGSI-LD", "API", "Sensordaten"),
                        false),
                new Service(
                        graph.iri(addresses.inCatalogue("ogc-features")),
                        new Text("OGC API - Features", "OGC API - Features"),
                        new Text(
                                "Jeder Datensatz als Sammlung von Geoobjekten, für Geoinformationssysteme wie QGIS.",
                                "Every dataset as a collection of features, for geographic information systems such as QGIS."),
                        graph.iri(about.base() + "/ogc"),
                        graph.iri("http://www.opengis.net/spec/ogcapi-features-1/1.0"),
                        List.of("OGC API", "GeoJSON", "GIS"),
                        false),
                new Service(
                        graph.iri(addresses.inCatalogue("parkapi")),
                        new Text("ParkAPI 3", "ParkAPI 3"),
                        new Text(
                                "Parkplätze und Stellplätze mit ihrer Belegung, wie sie Sammler von Parkdaten lesen.",
                                "Car parks and spots with their state, as collectors of parking data read them."),
                        graph.iri(about.base() + "/parkapi/v3/parking-sites"),
                        null,
                        List.of("ParkAPI", "Parken", "Echtzeit"),
                        true),
                new Service(
                        graph.iri(addresses.inCatalogue("datex2")),
                        new Text("DATEX II Parking Light", "DATEX II Parking Light"),
                        new Text(
                                "Parkplätze und Stellplätze mit ihrer Belegung nach DATEX II 3.4, als JSON.",
                                "Car parks and spots with their state by DATEX II 3.4, as JSON."),
                        graph.iri(about.base() + "/datex2/v3/parking.json"),
                        null,
                        List.of("DATEX II", "Parken", "Echtzeit"),
                        true));
    }

    /** Adds those that serve any of some datasets, and says which. */
    void add(IRI catalog, List<Dataset> datasets) {
        for (Service service : services) {
            List<Dataset> served = datasets.stream()
                    .filter(dataset -> !service.parkingOnly() || isParking(dataset))
                    .toList();
            if (!served.isEmpty() || !service.parkingOnly()) {
                describe(service);
                graph.add(catalog, DCAT.HAS_SERVICE, service.iri());
                served.forEach(dataset ->
                        graph.add(service.iri(), DCAT.SERVES_DATASET, graph.iri(addresses.dataset(dataset))));
            }
        }
    }

    private static boolean isParking(Dataset dataset) {
        return PARKING.contains(dataset.kind().type());
    }

    private void describe(Service service) {
        IRI iri = service.iri();
        IRI theme = Terms.authority("data-theme", "TRAN");
        graph.type(iri, DCAT.DATA_SERVICE)
                .add(iri, DCTERMS.TITLE, service.title())
                .add(iri, DCTERMS.DESCRIPTION, service.description())
                .add(iri, DCTERMS.PUBLISHER, agents.publisher())
                .add(iri, DCAT.CONTACT_POINT, agents.contact())
                .add(iri, DCAT.ENDPOINT_URL, service.endpoint())
                .add(iri, DCAT.ENDPOINT_DESCRIPTION, graph.iri(about.base() + "/openapi.json"))
                .refer(iri, FOAF.PAGE, graph.iri(about.base() + "/docs"), FOAF.DOCUMENT)
                .refer(iri, DCTERMS.LICENSE, graph.iri(about.licence().iri()), DCTERMS.LICENSE_DOCUMENT)
                .refer(iri, DCTERMS.ACCESS_RIGHTS, Terms.authority("access-right", "PUBLIC"), DCTERMS.RIGHTS_STATEMENT)
                .refer(iri, DCAT.THEME, theme, SKOS.CONCEPT)
                .add(theme, SKOS.PREF_LABEL, "TRAN");
        if (service.standard() != null) {
            graph.refer(iri, DCTERMS.CONFORMS_TO, service.standard(), DCTERMS.STANDARD);
        }
        for (String word : service.keywords()) {
            graph.add(iri, DCAT.KEYWORD, word, Language.DE);
        }
    }
}
