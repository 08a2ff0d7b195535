/**
 * JSON-LD contexts: compiled once into immutable term maps that expand and compact names, with the core context always last (clause
 * 4.4), and the cache of remote contexts. Compiled contexts and the resolver are safe for any thread; nothing here does I/O itself.
 */
@NullMarked
package de.freiraum.jsonld;

import org.jspecify.annotations.NullMarked;
