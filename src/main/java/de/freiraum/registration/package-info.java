/**
 * Context source registrations (clauses 5.2.9 to 5.2.11 and 5.2.34) as values, what matches them (clause 5.12) and what conflicts with them
 * (clause 4.3.6.3). Pure: no Vert.x, no clock, no store.
 */
@NullMarked
package de.freiraum.registration;

import org.jspecify.annotations.NullMarked;
