/** HTTP ways in and the operator's view of dead letters. Runs on the event loops of its server. */
@NullMarked
package de.freiraum.ingest.webhook;

import org.jspecify.annotations.NullMarked;
