/**
 * Datasets as files: rows of the current state or of the past, written piece by piece as CSV, GeoJSON, NDJSON or NGSI-LD. A file of any size
 * needs the memory of a few pieces, and is read only as fast as it is taken.
 */
@NullMarked
package de.freiraum.catalog.export;

import org.jspecify.annotations.NullMarked;
