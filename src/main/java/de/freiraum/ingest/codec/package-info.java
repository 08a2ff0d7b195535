/** Device payloads: pure functions from port and bytes to named fields, one class per device family, each version pinned by its published vectors. Stateless, for any thread. */
@NullMarked
package de.freiraum.ingest.codec;

import org.jspecify.annotations.NullMarked;
