package de.freiraum.model;

/** Who made a change. */
public enum Origin {
    /** A write through the NGSI-LD API. */
    API,
    /** A sensor message. */
    SENSOR,
    /** An aggregate computed from other entities. */
    AGGREGATE,
    /** The broker itself, such as expiry. */
    SYSTEM,
    /** An entity as it was elsewhere, put into a snapshot (clause 5.16): neither history nor published. */
    SNAPSHOT
}
