/**
 * Work by key: coalesced, serial for one key, parallel across keys, repeated until it succeeds. Callable from any thread; the work runs on one Vert.x
 * context.
 */
@NullMarked
package de.freiraum.aggregate.work;

import org.jspecify.annotations.NullMarked;
