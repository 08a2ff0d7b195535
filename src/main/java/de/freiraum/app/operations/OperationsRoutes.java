package de.freiraum.app.operations;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /operations/log-levels} and {@code PUT /operations/log-levels/{logger}} for operators, and {@code POST /operations/backup} for the command line on
 * the same machine.
 */
public final class OperationsRoutes {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(OperationsRoutes.class);
    private static final int MAX_BODY = 8192;
    private static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    private final Handler<RoutingContext> guard;
    private final Control control;
    private final Function<Path, Future<Void>> backup;

    /**
     * The routes.
     *
     * @param guard lets operators pass by {@code next()} and answers everybody else
     * @param control knows the command line
     * @param backup writes a copy of the store into a folder that it makes
     */
    public OperationsRoutes(Handler<RoutingContext> guard, Control control, Function<Path, Future<Void>> backup) {
        this.guard = guard;
        this.control = control;
        this.backup = backup;
    }

    /** Adds the routes. */
    public void mount(Router router) {
        router.get("/operations/log-levels").handler(guard).handler(OperationsRoutes::levels);
        router.put("/operations/log-levels/:logger").handler(guard).handler(OperationsRoutes::setLevel);
        router.post("/operations/backup").handler(this::backup);
    }

    private static LoggerContext loggers() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    private static void levels(RoutingContext context) {
        JsonWriter json = new JsonWriter().beginObject();
        for (Logger logger : loggers().getLoggerList()) {
            if (logger.getLevel() != null) {
                json.member(logger.getName(), logger.getLevel().toString());
            }
        }
        send(context, 200, "application/json", json.endObject());
    }

    private static void setLevel(RoutingContext context) {
        String name = context.pathParam("logger");
        document(context).onSuccess(body -> {
            String level = body.members().get("level") instanceof Value.Text text
                    ? text.text().toUpperCase(Locale.ROOT)
                    : "";
            if (!LEVELS.contains(level) || body.members().size() != 1) {
                refuse(context, ErrorType.BadRequestData, "level: allowed are " + String.join(", ", LEVELS));
                return;
            }
            if (!name.matches("[A-Za-z0-9_.$]{1,200}")) {
                refuse(context, ErrorType.BadRequestData, "the logger's name has letters, digits, _ . and $ only");
                return;
            }
            loggers().getLogger(name).setLevel(Level.toLevel(level));
            LOG.info("the level of {} is {} now", name, level);
            context.response().setStatusCode(204).end();
        });
    }

    private void backup(RoutingContext context) {
        String key = context.request().getHeader("X-API-Key");
        if (!control.knows(key)) {
            refuse(
                    context,
                    key == null && context.request().getHeader("Authorization") == null
                            ? ErrorType.Unauthorized
                            : ErrorType.Forbidden,
                    "a backup is made by ./freiraum backup, on the machine of the server");
            return;
        }
        document(context).onSuccess(body -> {
            if (!(body.members().get("directory") instanceof Value.Text text)) {
                refuse(
                        context,
                        ErrorType.BadRequestData,
                        "directory: the path of a folder that does not exist yet is needed");
                return;
            }
            Path folder = Path.of(text.text());
            if (!folder.isAbsolute() || Files.exists(folder)) {
                refuse(context, ErrorType.BadRequestData, "directory: it must be absolute and must not exist yet");
                return;
            }
            backup.apply(folder)
                    .onSuccess(done -> context.response().setStatusCode(204).end())
                    .onFailure(e -> refuse(context, ErrorType.Unavailable, String.valueOf(e.getMessage())));
        });
    }

    /** The body, which must be an object; fails when the request has been answered. */
    private static Future<Value.Obj> document(RoutingContext context) {
        String length = context.request().getHeader("Content-Length");
        if (length == null || !length.matches("[0-9]{1,4}") || Integer.parseInt(length) > MAX_BODY) {
            refuse(
                    context,
                    ErrorType.LengthRequired,
                    "a body of known length is needed, of at most " + MAX_BODY + " bytes");
            return Future.failedFuture("refused");
        }
        return context.request().body().compose(body -> {
            try {
                if (JsonReader.read(body.getBytes(), MAX_BODY) instanceof Value.Obj object) {
                    return Future.succeededFuture(object);
                }
                refuse(context, ErrorType.InvalidRequest, "the body must be a JSON object");
            } catch (NgsiLdException e) {
                refuse(context, e.type(), e.detail());
            }
            return Future.failedFuture("refused");
        });
    }

    private static void refuse(RoutingContext context, ErrorType type, String detail) {
        send(
                context,
                type.status(),
                "application/problem+json",
                new JsonWriter()
                        .beginObject()
                        .member("type", type.uri())
                        .member("title", type.title())
                        .member("status", type.status())
                        .member("detail", detail)
                        .endObject());
    }

    private static void send(RoutingContext context, int status, String type, JsonWriter json) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", type)
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(json.toBytes()));
    }
}
