package de.freiraum.aggregate.work;

import de.freiraum.model.Tenant;

/**
 * An entity of any tenant.
 *
 * @param tenant whose it is
 * @param id its URI
 */
public record EntityKey(Tenant tenant, String id) {}
