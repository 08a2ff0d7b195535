/**
 * Between JSON and the model: {@link de.freiraum.representation.EntityReader} reads entities and fragments of them in normalized, concise and
 * simplified representation, {@link de.freiraum.representation.EntityWriter} writes every representation of clause 4.5. All of it is pure and
 * safe for any thread.
 */
@NullMarked
package de.freiraum.representation;

import org.jspecify.annotations.NullMarked;
