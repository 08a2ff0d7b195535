/**
 * How long history is kept, and in which detail: single instances first, then one for each quarter of an hour, then one for each day, then
 * nothing. {@link de.freiraum.retention.Retention} goes through the evolutions in the background; what a window becomes is {@link
 * de.freiraum.retention.Rollup}. Nothing is remembered but in memory: after a start everything is looked at once.
 */
@NullMarked
package de.freiraum.retention;

import org.jspecify.annotations.NullMarked;
