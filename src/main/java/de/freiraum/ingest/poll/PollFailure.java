package de.freiraum.ingest.poll;

import java.time.Duration;

/** A round that did not succeed; the cursor stays where it was. */
final class PollFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    PollFailure(String message) {
        this(message, Duration.ZERO);
    }

    /**
     * A failure.
     *
     * @param message one sentence without secrets
     * @param retryAfter how long the other side asks to wait, or zero
     */
    PollFailure(String message, Duration retryAfter) {
        super(message, null, false, false);
        this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
        return retryAfter;
    }

    /** The sentence. */
    String detail() {
        return String.valueOf(getMessage());
    }
}
