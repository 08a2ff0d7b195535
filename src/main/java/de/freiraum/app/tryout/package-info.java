/** What a message would do, shown on a store of its own in memory. Used by the command line, one thread. */
@NullMarked
package de.freiraum.app.tryout;

import org.jspecify.annotations.NullMarked;
