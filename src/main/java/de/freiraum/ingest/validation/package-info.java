/** Whether the entities that messages become keep the rules of the Smart Data Models. */
@NullMarked
package de.freiraum.ingest.validation;

import org.jspecify.annotations.NullMarked;
