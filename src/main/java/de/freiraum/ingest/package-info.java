/** The way in from a raw sensor message to a durable change: decode, find the device, map, recognise duplicates, write; what cannot be mapped becomes a dead letter. Callable from any thread; futures complete on the caller's Vert.x context where it has one. */
@NullMarked
package de.freiraum.ingest;

import org.jspecify.annotations.NullMarked;
