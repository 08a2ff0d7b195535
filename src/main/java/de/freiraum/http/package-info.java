/**
 * The HTTP binding of clause 6: one {@code …Routes} class per resource declares its routes in a table, and what all have in common (parameters, negotiation,
 * contexts, tenants, errors) is done once, by {@link de.freiraum.http.ApiRouter}. Runs on event loops and never blocks.
 */
@NullMarked
package de.freiraum.http;

import org.jspecify.annotations.NullMarked;
