package de.freiraum.query;

/** Which time of an attribute instance a temporal query looks at (clause 4.8); named as {@code timeproperty} names them. */
public enum TimeProperty {
    observedAt,
    createdAt,
    modifiedAt,
    deletedAt
}
