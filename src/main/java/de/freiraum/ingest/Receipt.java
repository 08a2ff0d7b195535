package de.freiraum.ingest;

import org.jspecify.annotations.Nullable;

/**
 * What became of a message. Whoever holds one may acknowledge: the outcome is as durable as the store.
 *
 * @param outcome what became of it
 * @param detail why, where that is of interest; may be empty
 * @param deadLetter the dead letter's id, or null
 * @param lostFrames how many frames of the device are missing before it, by its counter
 * @param newSession whether the device joined anew since its last message
 */
public record Receipt(
        Outcome outcome, String detail, @Nullable String deadLetter, long lostFrames, boolean newSession) {

    /** The outcomes, ordered: of a message with several parts the last one counts. */
    public enum Outcome {
        /** It carries no state, such as a join. */
        IGNORED,
        /** It was here before. */
        DUPLICATE,
        /** What it says is written. */
        ACCEPTED,
        /** It cannot be mapped, and is kept as a dead letter. */
        DEAD
    }

    /** A receipt without more to say. */
    static Receipt of(Outcome outcome, String detail) {
        return new Receipt(outcome, detail, null, 0, false);
    }
}
