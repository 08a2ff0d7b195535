/**
 * The NGSI-LD information model: entities, attributes, values, changes, and the pure functions that
 * turn one entity into the next. Everything here is immutable and free of I/O, clocks and randomness; names are
 * expanded IRIs, never terms.
 */
@NullMarked
package de.freiraum.model;

import org.jspecify.annotations.NullMarked;
