package de.freiraum.broker;

import de.freiraum.model.NgsiLdException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of each entity of a batch (clause 5.2.16).
 *
 * @param success URIs of the entities that were treated as asked
 * @param created those among them that did not exist before
 * @param errors the others
 */
public record BatchResult(List<String> success, List<String> created, List<Failure> errors) {
    /** Copies the lists. */
    public BatchResult {
        success = List.copyOf(success);
        created = List.copyOf(created);
        errors = List.copyOf(errors);
    }

    /**
     * Clause 5.2.17.
     *
     * @param entityId the entity's URI, or null if the item does not tell it
     * @param error why
     * @param registrationId the registration of the source that failed, or null: the broker itself did
     */
    public record Failure(
            @Nullable String entityId,
            NgsiLdException error,
            @Nullable String registrationId) {
        /** A failure of the broker itself. */
        public Failure(@Nullable String entityId, NgsiLdException error) {
            this(entityId, error, null);
        }
    }
}
