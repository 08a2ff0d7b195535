/**
 * What a change of an entity comes to in every store: when it is, what of the entity is expired, what it puts into history. Pure, but for
 * the times and the answers.
 */
@NullMarked
package de.freiraum.store.change;

import org.jspecify.annotations.NullMarked;
