/** Reads sources, devices and mappings from YAML and CSV as a whole, listing all problems with file and line. Used at start and reload, on a thread that may block. */
@NullMarked
package de.freiraum.ingest.config;

import org.jspecify.annotations.NullMarked;
