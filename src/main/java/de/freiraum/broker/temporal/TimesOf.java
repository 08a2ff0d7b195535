package de.freiraum.broker.temporal;

import de.freiraum.model.AttributeMeta;
import de.freiraum.query.TimeProperty;
import java.time.Instant;

/** Where instances stand in time. */
final class TimesOf {
    private TimesOf() {}

    /** The time that counts or, for an instance that does not have it, the time of the last change. */
    static Instant orSystem(AttributeMeta meta, TimeProperty property) {
        Instant at = property.of(meta);
        if (at == null) {
            at = meta.modifiedAt() != null ? meta.modifiedAt() : meta.createdAt();
        }
        return at == null ? Instant.EPOCH : at;
    }
}
