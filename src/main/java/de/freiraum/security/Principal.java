package de.freiraum.security;

/**
 * Who asks.
 *
 * @param name for logs
 * @param rights what this one may do
 * @param anonymous whether no credential was shown
 */
public record Principal(String name, Rights rights, boolean anonymous) {}
