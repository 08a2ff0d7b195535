/** The catalogue, its files and its pages over HTTP. Handlers run on the event loop of the request; what takes long runs on workers or in pieces. */
@NullMarked
package de.freiraum.catalog.web;

import org.jspecify.annotations.NullMarked;
