/** From a decoded uplink and its device to entity fragments, as a mapping file says it. Compiled once at load, then immutable and usable by any thread. */
@NullMarked
package de.freiraum.ingest.mapping;

import org.jspecify.annotations.NullMarked;
