package de.freiraum.app;

import de.freiraum.config.ConfigException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes sources, devices and mappings anew, all or nothing: when a file has changed, when the process gets SIGHUP, and when an operator says so. A configuration with a
 * problem changes nothing; the problems are in the log, in the answer and in the health check.
 */
final class SourcesReload {
    private static final Logger LOG = LoggerFactory.getLogger(SourcesReload.class);
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final SourceFiles files;
    private final RunningSources sources;
    private volatile @Nullable String fault;
    private Map<Path, String> known = Map.of();
    private Map<Path, String> before = Map.of();
    private boolean looking;

    SourcesReload(Vertx vertx, SourceFiles files, RunningSources sources) {
        this.vertx = vertx;
        this.files = files;
        this.sources = sources;
    }

    /** Looks at the files every two seconds from now on. Those that are still being written are left until they rest. */
    void watch() {
        vertx.executeBlocking(files::fingerprint).onSuccess(first -> {
            known = first;
            before = first;
            vertx.setPeriodic(LOOK.toMillis(), tick -> look());
        });
    }

    private void look() {
        if (looking) {
            return;
        }
        looking = true;
        vertx.executeBlocking(files::fingerprint)
                .compose(now -> {
                    boolean rests = now.equals(before);
                    before = now;
                    if (!rests || now.equals(known)) {
                        return Future.succeededFuture();
                    }
                    known = now;
                    return reload().otherwiseEmpty();
                })
                .onComplete(done -> looking = false);
    }

    /** Takes what the files say. @return what changed; fails with a ConfigException, and nothing has changed */
    Future<RunningSources.Change> reload() {
        return vertx.executeBlocking(files::load)
                .compose(sources::replace)
                .onSuccess(change -> {
                    fault = null;
                    LOG.info(
                            "the sources are taken anew: started {}, stopped {}, unchanged {}",
                            change.started(),
                            change.stopped(),
                            change.kept());
                })
                .onFailure(this::failed);
    }

    private void failed(Throwable failure) {
        if (failure instanceof ConfigException config) {
            config.problems().forEach(problem -> LOG.error("the sources stay as they were: {}", problem));
            // The health check is public: what is in the files is for the log and for operators.
            fault = "the changed files are not used, since they have problems; the log names them";
        } else {
            LOG.error("the sources stay as they were", failure);
            fault = "the changed files are not used; the log says why";
        }
    }

    /** Why the files are not what is in force; empty if they are. */
    Map<String, String> faults() {
        String why = fault;
        return why == null ? Map.of() : Map.of("sources", why);
    }
}
