/** Parking in the form of ParkAPI, version 3, which MobiData BW and ParkenDD collect. */
@NullMarked
package de.freiraum.formats.parkapi;

import org.jspecify.annotations.NullMarked;
