package de.freiraum.model;

/**
 * A refusal that the caller can understand: one of the {@linkplain ErrorType types of the specification} and a sentence that
 * names the fault. Carries a stack trace only when the broker itself is at fault.
 */
public final class NgsiLdException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorType type;

    /** An error of the given type; {@code detail} names the faulty thing and says what is allowed. */
    public NgsiLdException(ErrorType type, String detail) {
        super(detail, null, false, type == ErrorType.InternalError);
        this.type = type;
    }

    /** Input whose NGSI-LD content is wrong. */
    public static NgsiLdException badRequest(String detail) {
        return new NgsiLdException(ErrorType.BadRequestData, detail);
    }

    /** A request that is syntactically wrong, before its NGSI-LD content is looked at. */
    public static NgsiLdException invalid(String detail) {
        return new NgsiLdException(ErrorType.InvalidRequest, detail);
    }

    /** A resource that is not there. */
    public static NgsiLdException notFound(String detail) {
        return new NgsiLdException(ErrorType.ResourceNotFound, detail);
    }

    /** The type of clause 5.5.2. */
    public ErrorType type() {
        return type;
    }

    /** What is wrong, in a sentence. */
    public String detail() {
        String message = getMessage();
        return message == null ? type.title() : message;
    }
}
