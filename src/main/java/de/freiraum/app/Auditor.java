package de.freiraum.app;

import de.freiraum.model.NgsiLdException;
import de.freiraum.ops.AuditLog;
import de.freiraum.security.AccessPolicy;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.function.Predicate;

/** Decides which requests the audit log holds, and what it says of them. */
final class Auditor {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final AuditLog log;
    private final AuditLog.Level level;
    private final AccessPolicy policy;

    Auditor(AuditLog log, AuditLog.Level level, AccessPolicy policy) {
        this.log = log;
        this.level = level;
        this.policy = policy;
    }

    /**
     * Notes a request that has been answered.
     *
     * @param onlyReads tells of requests with a verb that could change something whether they do not
     */
    void note(HttpServerRequest request, String path, Predicate<HttpServerRequest> onlyReads) {
        int status = request.response().getStatusCode();
        boolean denied = status == UNAUTHORIZED || status == FORBIDDEN;
        boolean safe = request.method().equals(HttpMethod.GET)
                || request.method().equals(HttpMethod.HEAD)
                || request.method().equals(HttpMethod.OPTIONS);
        if (!denied && (level != AuditLog.Level.WRITES || safe || onlyReads.test(request))) {
            return;
        }
        log.write(new AuditLog.Entry(
                who(request),
                request.remoteAddress() == null
                        ? "unknown"
                        : Objects.requireNonNullElse(request.remoteAddress().hostAddress(), "unknown"),
                request.method().name(),
                path,
                Objects.requireNonNullElse(request.getHeader("NGSILD-Tenant"), ""),
                status,
                request.response().headers().get("X-Request-ID")));
    }

    /** Notes what was refused other than over HTTP. */
    void denied(AuditLog.Entry denial) {
        log.write(denial);
    }

    private String who(HttpServerRequest request) {
        try {
            return policy.identify(request.getHeader("Authorization"), request.getHeader("X-API-Key"))
                    .name();
        } catch (NgsiLdException nobodyHoldsIt) {
            return "unknown";
        }
    }
}
