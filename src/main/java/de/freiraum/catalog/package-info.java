/**
 * Published open data: which datasets there are, described so that portals harvest them ({@code catalog.dcat}), as files ({@code
 * catalog.export}), and as pages for people ({@code catalog.web}). What is described is what anybody may read: private types and closed
 * tenants do not exist here, whoever asks. Descriptions are values without Vert.x; they are made from what the broker holds, and again
 * when they are old.
 */
@NullMarked
package de.freiraum.catalog;

import org.jspecify.annotations.NullMarked;
