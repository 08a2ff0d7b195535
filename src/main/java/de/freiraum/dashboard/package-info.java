/**
 * The pages for people: the dashboard, and the reference of the interface. Files come from the program itself and are kept in memory; the pages
 * read data through the public interface only. Runs on the event loop of the request.
 */
@NullMarked
package de.freiraum.dashboard;

import org.jspecify.annotations.NullMarked;
