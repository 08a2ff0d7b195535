/**
 * What operators see: metrics, health, version, access log. Metrics and health may be read and written on any thread; the routes run on the event
 * loop of their connection.
 */
@NullMarked
package de.freiraum.ops;

import org.jspecify.annotations.NullMarked;
