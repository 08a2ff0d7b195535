/** OGC API - Features, part 1 (OGC 17-069r4): every dataset of the catalogue as a collection of features. */
@NullMarked
package de.freiraum.formats.ogc;

import org.jspecify.annotations.NullMarked;
