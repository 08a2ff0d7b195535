package de.freiraum.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which anything changes: a pure function from the entity as it is to the entity as it shall be. The store calls it with
 * the latest version, possibly more than once, on the thread that owns the entity; it must not block, and has no side effects.
 */
@FunctionalInterface
public interface EntityChange {

    /**
     * Computes the change.
     *
     * @param before the entity as it is, or null if there is none
     * @param now the time of the change, which becomes {@code modifiedAt} of what it touches
     * @return what shall be
     * @throws NgsiLdException to refuse; then nothing changes
     */
    Outcome apply(@Nullable Entity before, Instant now);

    /**
     * What a change results in.
     *
     * @param after the entity as it shall be; null: there shall be none; the same object as before: the current state stays, and only {@code history} is written, if there is any
     * @param result what became of each attribute
     * @param history instances to be put into history beyond those that follow from the difference between before and after:
     *     late observations and corrections. Their {@link AttributeMeta#instanceId()} is the identity: an instance with the same
     *     attribute, observedAt and instanceId is replaced
     */
    record Outcome(@Nullable Entity after, UpdateResult result, List<TemporalInstance> history) {
        /** Copies the list. */
        public Outcome {
            history = List.copyOf(history);
        }

        /** An outcome without more history than follows from the difference. */
        public static Outcome of(@Nullable Entity after, UpdateResult result) {
            return new Outcome(after, result, List.of());
        }
    }
}
