package de.freiraum.registration;

/** How a broker works together with a registered context source (clause 4.3.6), named as {@code mode} names it. */
public enum Mode {
    /** All sources and the broker itself are equals (clause 4.3.6.2). */
    inclusive,
    /** The registered attributes of one entity are at this source alone (clause 4.3.6.3). */
    exclusive,
    /** What is registered is at sources, never in the broker (clause 4.3.6.3). */
    redirect,
    /** Only what nobody else has is taken from the source (clause 4.3.6.2). */
    auxiliary;

    /** Whether the broker holds nothing of what is registered. */
    public boolean isProxied() {
        return this == exclusive || this == redirect;
    }
}
