/**
 * The operations on the temporal evolution of entities (clauses 5.6.11 to 5.6.16, 5.7.3 and 5.7.4). Stateless beside the store; callable from
 * any thread, and their futures complete on the caller's context.
 */
@NullMarked
package de.freiraum.broker.temporal;

import org.jspecify.annotations.NullMarked;
