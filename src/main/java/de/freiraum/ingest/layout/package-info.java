/** Binary layouts that a mapping file declares: how the bytes of a device become named fields. Compiled once, then immutable and usable by any thread. */
@NullMarked
package de.freiraum.ingest.layout;

import org.jspecify.annotations.NullMarked;
