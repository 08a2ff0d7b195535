/** What answers over HTTP have in common, whoever gives them: entity tags, compression, rules for browsers, how often a client may ask. */
@NullMarked
package de.freiraum.web;

import org.jspecify.annotations.NullMarked;
