/**
 * The query languages of clauses 4.7 to 4.23, parsed once into immutable trees, and their evaluation on an entity. Knows no store.
 */
@NullMarked
package de.freiraum.query;

import org.jspecify.annotations.NullMarked;
