/**
 * Reading and writing of JSON: the only place that turns bytes into {@link de.freiraum.model.Value}s and values into bytes. Readers are
 * strict and safe for any thread; a writer belongs to one thread at a time.
 */
@NullMarked
package de.freiraum.json;

import org.jspecify.annotations.NullMarked;
