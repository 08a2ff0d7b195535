/**
 * The composition root: settings, wiring, start and stop, and the command line. Knows everybody; nobody knows it.
 */
@NullMarked
package de.freiraum.app;

import org.jspecify.annotations.NullMarked;
