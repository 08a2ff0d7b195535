/**
 * The operations of clauses 5.6 to 5.16, one class per group: they check what a request asks for, call the change functions and the store, and
 * know nothing of HTTP. Stateless beside their collaborators; callable from any thread, and their futures complete on the caller's context.
 */
@NullMarked
package de.freiraum.broker;

import org.jspecify.annotations.NullMarked;
