/** Measurements: ratios of Freiraum to bare Vert.x servers that move the same bytes, taken in one run. No part of the product. */
@NullMarked
package de.freiraum.bench;

import org.jspecify.annotations.NullMarked;
