/**
 * The one guarded way out: every request that a client can make the broker send (notifications, contexts, forwards) passes here. Nothing leaves
 * for an address the policy forbids, and the address that was checked is the one connected to. Callable from any thread.
 */
@NullMarked
package de.freiraum.egress;

import org.jspecify.annotations.NullMarked;
