/**
 * Footfall: from counter readings to windows of people. {@link de.freiraum.aggregate.footfall.Segments} and {@link
 * de.freiraum.aggregate.footfall.Windows} are pure functions of the set of readings; {@link de.freiraum.aggregate.footfall.FootfallAggregator} feeds
 * them from history and publishes what they give, one counter's work at a time and different counters' side by side.
 */
@NullMarked
package de.freiraum.aggregate.footfall;

import org.jspecify.annotations.NullMarked;
