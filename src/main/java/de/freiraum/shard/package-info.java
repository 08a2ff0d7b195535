/**
 * Ownership by event loop: each key belongs to one of N loops, and what belongs to a key is touched on that loop's thread alone, so it
 * needs no lock. Nothing that is stored depends on N.
 */
@NullMarked
package de.freiraum.shard;

import org.jspecify.annotations.NullMarked;
