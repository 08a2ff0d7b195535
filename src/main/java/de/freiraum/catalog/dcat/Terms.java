package de.freiraum.catalog.dcat;

import org.eclipse.rdf4j.model.IRI;
import org.eclipse.rdf4j.model.ValueFactory;
import org.eclipse.rdf4j.model.impl.SimpleValueFactory;

/** IRIs that RDF4J's vocabularies do not have. */
final class Terms {
    private static final ValueFactory VALUES = SimpleValueFactory.getInstance();

    /** DCAT-AP's own namespace; it ends with a slash, whatever some rule files write. */
    static final String DCATAP = "http://data.europa.eu/r5r/";

    static final String DCATDE = "http://dcat-ap.de/def/dcatde/";
    static final String HYDRA = "http://www.w3.org/ns/hydra/core#";
    static final String GEOSPARQL = "http://www.opengis.net/ont/geosparql#";

    /** The EU's authority tables. */
    static final String AUTHORITY = "http://publications.europa.eu/resource/authority/";

    /** Regulation (EU) 2023/138 on high-value datasets. */
    static final IRI HVD_REGULATION = iri("http://data.europa.eu/eli/reg_impl/2023/138/oj");

    static final IRI AVAILABILITY = iri(DCATAP + "availability");
    static final IRI HVD_CATEGORY = iri(DCATAP + "hvdCategory");
    static final IRI APPLICABLE_LEGISLATION = iri(DCATAP + "applicableLegislation");
    static final IRI CONTRIBUTOR_ID = iri(DCATDE + "contributorID");
    static final IRI ATTRIBUTION_TEXT = iri(DCATDE + "licenseAttributionByText");
    static final IRI GEOCODING_LEVEL = iri(DCATDE + "politicalGeocodingLevelURI");
    static final IRI GEOCODING_MUNICIPALITY = iri("http://dcat-ap.de/def/politicalGeocoding/Level/municipality");
    static final String MUNICIPALITY_KEY = "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/";
    static final IRI WKT = iri(GEOSPARQL + "wktLiteral");
    static final IRI IN_SERIES = iri("http://www.w3.org/ns/dcat#inSeries");
    static final IRI DATASET_SERIES = iri("http://www.w3.org/ns/dcat#DatasetSeries");
    static final IRI LEGAL_RESOURCE = iri("http://data.europa.eu/eli/ontology#LegalResource");
    static final String PUBLISHER_TYPE = "http://purl.org/adms/publishertype/";
    static final String MEDIA_TYPES = "https://www.iana.org/assignments/media-types/";
    static final IRI NGSI_LD_STANDARD =
            iri("https://www.etsi.org/deliver/etsi_gs/CIM/001_099/009/01.09.01_60/gs_CIM009v010901p.pdf");

    static final String SPDX = "http://spdx.org/rdf/terms#";
    static final IRI CHECKSUM = iri(SPDX + "checksum");
    static final IRI CHECKSUM_CLASS = iri(SPDX + "Checksum");
    static final IRI CHECKSUM_ALGORITHM = iri(SPDX + "algorithm");
    static final IRI CHECKSUM_ALGORITHM_CLASS = iri(SPDX + "ChecksumAlgorithm");
    static final IRI CHECKSUM_VALUE = iri(SPDX + "checksumValue");
    static final IRI SHA_256 = iri(SPDX + "checksumAlgorithm_sha256");
    static final IRI BYTE_SIZE = iri("http://www.w3.org/ns/dcat#byteSize");

    static final IRI HYDRA_VIEW_CLASS = iri(HYDRA + "PartialCollectionView");
    /** The older name, which CKAN's harvester looks for. */
    static final IRI HYDRA_PAGED_COLLECTION = iri(HYDRA + "PagedCollection");

    static final IRI HYDRA_TOTAL = iri(HYDRA + "totalItems");
    static final IRI HYDRA_PER_PAGE = iri(HYDRA + "itemsPerPage");
    static final IRI HYDRA_VIEW = iri(HYDRA + "view");

    private Terms() {}

    static IRI iri(String text) {
        return VALUES.createIRI(text);
    }

    static IRI hydra(String name) {
        return iri(HYDRA + name);
    }

    /** A code of one of the EU's authority tables. */
    static IRI authority(String table, String code) {
        return iri(AUTHORITY + table + "/" + code);
    }
}
