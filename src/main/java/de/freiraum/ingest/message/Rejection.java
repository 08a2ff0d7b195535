package de.freiraum.ingest.message;

/** Why a message cannot become a change. It is then kept as a dead letter; sending it again would not help. */
public final class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The step that refused. */
    public enum Reason {
        /** No source listens to the topic. */
        UNKNOWN_TOPIC,
        /** The envelope is broken or not the one configured. */
        BROKEN_MESSAGE,
        /** No device list names the device. */
        UNKNOWN_DEVICE,
        /** No mapping fits the device's model. */
        NO_MAPPING,
        /** The device's bytes do not have the layout of its codec. */
        BAD_PAYLOAD,
        /** A value is missing, of the wrong type or out of range. */
        MAPPING_FAILED,
        /** An entity breaks a rule of its data model, and the source says to reject it. */
        NOT_VALID,
        /** The store refused the change because of its content. */
        REFUSED
    }

    private final Reason reason;

    /** A refusal; {@code detail} names the faulty thing and says what is allowed. */
    public Rejection(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    /** A broken envelope. */
    public static Rejection broken(String detail) {
        return new Rejection(Reason.BROKEN_MESSAGE, detail);
    }

    /** A payload with the wrong layout. */
    public static Rejection payload(String detail) {
        return new Rejection(Reason.BAD_PAYLOAD, detail);
    }

    /** A value that cannot be mapped. */
    public static Rejection mapping(String detail) {
        return new Rejection(Reason.MAPPING_FAILED, detail);
    }

    /** The step that refused. */
    public Reason reason() {
        return reason;
    }

    /** What is wrong, in a sentence. */
    public String detail() {
        String message = getMessage();
        return message == null ? reason.name() : message;
    }

    /** At most 60 characters of input for a message, without control characters. */
    public static String clip(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", " ");
        return clean.length() <= 60 ? clean : clean.substring(0, 60) + "…";
    }
}
