/** What came in, before and after its envelope is opened, and why it may be refused. Immutable values, free of I/O and clocks. */
@NullMarked
package de.freiraum.ingest.message;

import org.jspecify.annotations.NullMarked;
