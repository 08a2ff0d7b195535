package de.freiraum.egress;

/** An outbound request that was not made, or not answered; says which of the rules or which fault stopped it. */
public final class EgressException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a request failed. */
    public enum Reason {
        /** The URI is not one that the client speaks. */
        INVALID_URI,
        /** The address rules forbid the destination. */
        FORBIDDEN_ADDRESS,
        /** The host name has no address. */
        UNRESOLVED,
        /** No connection, or it broke. */
        UNREACHABLE,
        /** No complete answer in time. */
        TIMEOUT,
        /** The answer is longer than allowed. */
        TOO_LARGE,
        /** Redirected too often, or to nowhere. */
        REDIRECTED,
        /** Too many requests are waiting for this destination. */
        BUSY
    }

    private final Reason reason;

    /**
     * A failure.
     *
     * @param reason what stopped the request
     * @param message one sentence that holds no secrets of the request
     */
    public EgressException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** What stopped the request. */
    public Reason reason() {
        return reason;
    }

    /** Whether the request itself is refused, so that repeating it is of no use. */
    public boolean permanent() {
        return reason == Reason.INVALID_URI || reason == Reason.FORBIDDEN_ADDRESS;
    }
}
