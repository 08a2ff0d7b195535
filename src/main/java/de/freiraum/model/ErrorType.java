package de.freiraum.model;

/** The error types of ETSI GS CIM 009, clause 5.5.2, with the HTTP status of clause 6.3.2 and those of the HTTP binding. */
public enum ErrorType {
    AlreadyExists(409, "The element already exists"),
    BadRequestData(400, "The request data does not meet the requirements of the operation"),
    Conflict(409, "The operation conflicts with the current state"),
    InternalError(500, "The operation failed inside the broker"),
    InvalidRequest(400, "The request is not valid"),
    LdContextNotAvailable(504, "A remote @context cannot be retrieved"),
    LoopDetected(508, "The request has come back to this broker"),
    NoMultiTenantSupport(501, "Tenants are not supported"),
    NonexistentTenant(404, "The tenant does not exist"),
    OperationNotSupported(422, "The operation is not supported"),
    ResourceNotFound(404, "The resource does not exist"),
    TooComplexQuery(403, "The query is too complex"),
    TooManyResults(403, "The query has too many results"),
    MethodNotAllowed(405, "The method is not allowed on this resource"),
    NotAcceptable(406, "None of the accepted media types can be produced"),
    LengthRequired(411, "The request must state its length"),
    PayloadTooLarge(413, "The request body is too large"),
    UnsupportedMediaType(415, "The media type of the request is not supported"),
    Unauthorized(401, "The request needs a credential"),
    Forbidden(403, "The credential does not permit the operation"),
    TooManyRequests(429, "Too many requests"),
    Unavailable(503, "The service cannot answer now"),
    BadGateway(502, "A context source did not do its part"),
    GatewayTimeout(504, "A context source did not answer in time");

    private final int status;
    private final String title;

    ErrorType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status that carries this error. */
    public int status() {
        return status;
    }

    /** A short text that is the same for all errors of this type (RFC 7807 {@code title}). */
    public String title() {
        return title;
    }

    /** The URI that names this type in problem details. */
    public String uri() {
        return "https://uri.etsi.org/ngsi-ld/errors/" + name();
    }
}
