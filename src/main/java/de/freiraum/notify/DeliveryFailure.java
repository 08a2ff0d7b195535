package de.freiraum.notify;

/** A receiver did not take a notification. */
final class DeliveryFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeliveryFailure(String message) {
        super(message, null, false, false);
    }
}
