/** Pages for people: the catalogue, each dataset with its quality, and what search engines read. Pure: from descriptions to bytes. */
@NullMarked
package de.freiraum.catalog.page;

import org.jspecify.annotations.NullMarked;
