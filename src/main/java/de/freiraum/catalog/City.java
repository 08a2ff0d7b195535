package de.freiraum.catalog;

import de.freiraum.model.Tenant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * A city, or whatever else a tenant stands for.
 *
 * @param tenant where its data is
 * @param name for people
 * @param municipalityKey the eight digits of the official key, or null
 * @param publisher who publishes its data, or null: the publisher of the catalogue
 * @param zone whose days and months periods are
 */
public record City(
        Tenant tenant,
        String name,
        @Nullable String municipalityKey,
        @Nullable String publisher,
        ZoneId zone) {

    /** The city's part of a dataset's id. */
    public String id() {
        return tenant.isDefault() ? "default" : tenant.name();
    }
}
