/** Parking in the form of DATEX II, version 3: the light parking publication, which holds sites and single spaces with their state. */
@NullMarked
package de.freiraum.formats.datex;

import org.jspecify.annotations.NullMarked;
