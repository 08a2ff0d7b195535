package de.freiraum.store;

/** The store itself failed, or refuses work for the moment: the request was fine, and nothing of it is acknowledged. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean overloaded;
    private final boolean full;

    /** A failure of the engine below. */
    public StoreException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private StoreException(String message, Throwable cause, boolean full) {
        super(message, cause);
        this.overloaded = false;
        this.full = full;
    }

    private StoreException(String message) {
        super(message, null, false, false);
        this.overloaded = true;
        this.full = false;
    }

    /** There is no space left; the store takes changes again when there is. */
    public static StoreException full(String message, Throwable cause) {
        return new StoreException(message, cause, true);
    }

    /** Too much work is waiting, or the store is closing; try again later. */
    public static StoreException unavailable(String message) {
        return new StoreException(message);
    }

    /** Whether the same request may succeed a moment later. */
    public boolean retryable() {
        return overloaded || full;
    }

    /** Whether there is no space left. */
    public boolean isFull() {
        return full;
    }
}
