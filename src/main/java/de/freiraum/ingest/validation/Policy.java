package de.freiraum.ingest.validation;

/** What becomes of a message whose entities break a rule. */
public enum Policy {
    /** It becomes a dead letter. */
    REJECT,
    /** It is written, counted and logged. */
    WARN,
    /** Nobody looks. */
    OFF
}
