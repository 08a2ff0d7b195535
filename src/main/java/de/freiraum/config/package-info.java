/**
 * Reads configuration into immutable records: defaults of the record, then a YAML file, then {@code FREIRAUM_} variables, then flags. Knows
 * no setting of its own; each feature owns the records of its settings. Pure apart from reading the file and the files that
 * secrets point to; callable from any thread, meant for start and reload.
 */
@NullMarked
package de.freiraum.config;

import org.jspecify.annotations.NullMarked;
