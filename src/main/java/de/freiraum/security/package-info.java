/** Who may do what: API keys, anonymous readers, and the decision. Pure functions of immutable values; safe for use by any thread. */
@NullMarked
package de.freiraum.security;

import org.jspecify.annotations.NullMarked;
