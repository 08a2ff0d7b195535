package de.freiraum.store.embedded;

import de.freiraum.model.Tenant;

/** Names an entity among all. */
record EntityKey(Tenant tenant, String id) {}
