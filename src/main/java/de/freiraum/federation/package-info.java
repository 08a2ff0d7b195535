/**
 * Distributed operations (clauses 4.3.3 and 4.3.6): asks the context sources whose registrations match, and makes one answer of theirs and the
 * broker's own. Sources are not trusted: each has a timeout, a size limit and a rest after failures, and only what it has registered is
 * believed. Without matching registrations nothing here runs.
 */
@NullMarked
package de.freiraum.federation;

import org.jspecify.annotations.NullMarked;
