/**
 * The published data in the forms of other communities: OGC API Features for geographic information systems, ParkAPI and DATEX II for traffic services. They show
 * what anybody may read, and nothing else.
 */
@NullMarked
package de.freiraum.formats;

import org.jspecify.annotations.NullMarked;
