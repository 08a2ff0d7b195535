package de.freiraum.model;

/**
 * One instance of an attribute in history (clause 4.5.7).
 *
 * @param attribute the attribute's IRI
 * @param instance the value then; deleted attributes are NGSI-LD Null with {@code deletedAt}
 */
public record TemporalInstance(String attribute, Attribute instance) {}
