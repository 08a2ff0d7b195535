package de.freiraum.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of each attribute in a change (clause 5.2.18).
 *
 * @param updated IRIs of attributes that were written
 * @param notUpdated those that were not, with the reason
 */
public record UpdateResult(List<String> updated, List<NotUpdatedDetails> notUpdated) {
    /** Nothing was asked attribute by attribute. */
    public static final UpdateResult EMPTY = new UpdateResult(List.of(), List.of());

    /** Copies the lists. */
    public UpdateResult {
        updated = List.copyOf(updated);
        notUpdated = List.copyOf(notUpdated);
    }

    /**
     * Clause 5.2.19.
     *
     * @param attribute the attribute's IRI
     * @param reason why it was left as it was
     * @param registrationId the registration of the source that left it so, or null: the broker itself did
     */
    public record NotUpdatedDetails(
            String attribute, String reason, @Nullable String registrationId) {
        /** What the broker itself left as it was. */
        public NotUpdatedDetails(String attribute, String reason) {
            this(attribute, reason, null);
        }
    }
}
