/** What operators do with a server or its files: backup, restore, log levels. */
@NullMarked
package de.freiraum.app.operations;

import org.jspecify.annotations.NullMarked;
