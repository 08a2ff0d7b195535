/**
 * Parking: totals of sites and groups, and sensors that have fallen silent. Totals are a pure function of the states of the spots; the index of
 * states is thread-safe, and each total is written by one task at a time.
 */
@NullMarked
package de.freiraum.aggregate.parking;

import org.jspecify.annotations.NullMarked;
