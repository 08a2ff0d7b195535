package de.freiraum.model;

/** IRIs of the NGSI-LD vocabulary. */
public final class NgsiLd {
    /** The namespace of the core vocabulary. */
    public static final String NAMESPACE = "https://uri.etsi.org/ngsi-ld/";

    /** Where names go that no context maps. */
    public static final String DEFAULT_CONTEXT = NAMESPACE + "default-context/";

    /** Default geospatial property (clause 4.7). */
    public static final String LOCATION = NAMESPACE + "location";

    /** Clause 4.7. */
    public static final String OBSERVATION_SPACE = NAMESPACE + "observationSpace";

    /** Clause 4.7. */
    public static final String OPERATION_SPACE = NAMESPACE + "operationSpace";

    private NgsiLd() {}
}
