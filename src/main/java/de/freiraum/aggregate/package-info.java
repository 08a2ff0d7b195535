/**
 * Aggregates as entities: parking totals, silent sensors and footfall windows. {@link de.freiraum.aggregate.Aggregators} starts all of it. Every
 * aggregate is a function of what the store holds, so it can be computed again at any time; it listens to committed changes, and writes
 * through the store as everybody does. Callable from any thread; the work itself runs on one Vert.x context a kind of aggregate.
 */
@NullMarked
package de.freiraum.aggregate;

import org.jspecify.annotations.NullMarked;
