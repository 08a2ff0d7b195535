package de.freiraum.query;

import de.freiraum.model.AttributeMeta;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which time of an attribute instance a temporal query looks at (clause 4.8); named as {@code timeproperty} names them. */
public enum TimeProperty {
    observedAt,
    createdAt,
    modifiedAt,
    deletedAt;

    /** This time of an instance, or null if it has none. */
    public @Nullable Instant of(AttributeMeta meta) {
        return switch (this) {
            case observedAt -> meta.observedAt();
            case createdAt -> meta.createdAt();
            case modifiedAt -> meta.modifiedAt();
            case deletedAt -> meta.deletedAt();
        };
    }
}
