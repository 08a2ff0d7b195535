package de.freiraum.security;

/** What a request wants to do, in ascending power; a key of one level holds those below it. */
public enum Access {
    /** Look at information. */
    READ,
    /** Change information. */
    WRITE,
    /** Change how the broker works, such as sources, cached contexts and dead letters. */
    ADMIN
}
