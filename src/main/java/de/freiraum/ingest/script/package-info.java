/** Payload codecs written in JavaScript (LoRa Alliance TS013), run in a process of their own. */
@NullMarked
package de.freiraum.ingest.script;

import org.jspecify.annotations.NullMarked;
