/** Who may do what: API keys, tokens, anonymous readers, and the decision. Knows neither network nor server; safe for use by any thread. */
@NullMarked
package de.freiraum.security;

import org.jspecify.annotations.NullMarked;
