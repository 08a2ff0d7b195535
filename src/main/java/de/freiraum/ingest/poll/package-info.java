/**
 * HTTP interfaces that are asked again and again. Each record of an answer is a message of its own; the cursor moves when all of an answer is durable, and
 * lies in the document store. Each address has its own context, timer and back-off, so that one that fails delays no other.
 */
@NullMarked
package de.freiraum.ingest.poll;

import org.jspecify.annotations.NullMarked;
