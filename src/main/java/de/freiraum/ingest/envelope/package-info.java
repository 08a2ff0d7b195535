/** The envelopes of network servers: pure functions from bytes to uplinks. Stateless, for any thread. */
@NullMarked
package de.freiraum.ingest.envelope;

import org.jspecify.annotations.NullMarked;
