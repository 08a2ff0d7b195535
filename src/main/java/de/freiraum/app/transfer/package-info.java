/**
 * A store's contents as lines of JSON, to take them from one store to another: entities, their histories and all documents, tenant by tenant.
 * Snapshots are left out; they are copies. docs/storage.md describes the lines.
 */
@NullMarked
package de.freiraum.app.transfer;

import org.jspecify.annotations.NullMarked;
