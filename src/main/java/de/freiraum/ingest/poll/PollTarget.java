package de.freiraum.ingest.poll;

import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressException;
import de.freiraum.egress.EgressRequest;
import de.freiraum.egress.EgressResponse;
import de.freiraum.ingest.Hashes;
import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.Receipt;
import de.freiraum.ingest.config.PollDefinition;
import de.freiraum.ingest.mapping.Device;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.store.DocumentStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks one address once and hands on what it answers: the pages of one round. Its state belongs to the caller's context. */
final class PollTarget {
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;
    private static final int MOST_REDIRECTS = 5;
    private static final int AT_ONCE = 64;
    private static final int MOST_REFUSED = 10_000;
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final Context context;
    private final IngestPipeline pipeline;
    private final Egress egress;
    private final DocumentStore store;
    private final String source;
    private final PollDefinition poll;
    private final PollUrl url;
    private final String key;

    /** Records of the last round that became dead letters; they would become others in each round. */
    private Set<String> refused = Set.of();

    /** Whether the whole answer is wanted, even if it is as it was. */
    private boolean anew;

    PollTarget(
            Context context,
            IngestPipeline pipeline,
            Egress egress,
            DocumentStore store,
            String source,
            PollDefinition poll,
            @Nullable Device device) {
        this.context = context;
        this.pipeline = pipeline;
        this.egress = egress;
        this.store = store;
        this.source = source;
        this.poll = poll;
        this.url = new PollUrl(poll, device);
        this.key = device == null ? source : source + "/" + device.id();
    }

    /** The topic of its messages: {@code poll/SOURCE} or {@code poll/SOURCE/DEVICE}. */
    String topic() {
        return RawMessage.POLLED + key;
    }

    /** Tries again what was refused: devices or mappings are others now. */
    void forgetRefused() {
        refused = Set.of();
        anew = true;
    }

    /** Asks for everything new. @return whether there was any; fails with a {@link PollFailure} */
    Future<Boolean> round() {
        Round round = new Round();
        return Future.succeededFuture()
                .compose(go -> PollState.load(store, key))
                .compose(state -> round.page(state, 1))
                .onSuccess(any -> {
                    anew = false;
                    if (!round.unchanged) {
                        refused = round.dead;
                    }
                })
                .recover(failure -> Future.failedFuture(
                        failure instanceof PollFailure
                                ? failure
                                : new PollFailure(
                                        failure instanceof EgressException e
                                                ? String.valueOf(e.getMessage())
                                                : "the store does not take it: " + failure)));
    }

    /** One round, from the first page to the last. */
    private final class Round {
        private final Instant now = pipeline.clock().instant();
        private final Set<String> dead = new HashSet<>();
        private @Nullable Instant newest;
        private boolean any;
        private boolean unchanged;

        Future<Boolean> page(PollState state, int number) {
            URI uri = state.page() == null ? url.first(state, now) : URI.create(state.page());
            return egress.request(request(uri, state)).compose(response -> {
                if (response.status() == NOT_MODIFIED && uri.toString().equals(state.tagged())) {
                    unchanged = number == 1;
                    return Future.succeededFuture(any);
                }
                if (response.status() != OK && response.status() != NO_CONTENT) {
                    return forgetPage(state, response.status()).compose(done -> Future.failedFuture(refusal(response)));
                }
                return context.owner()
                        .executeBlocking(
                                () -> response.status() == NO_CONTENT
                                        ? PollAnswer.EMPTY
                                        : PollAnswer.read(response, poll),
                                false)
                        .compose(answer -> take(answer, 0).compose(done -> turn(state, uri, response, answer, number)));
            });
        }

        /** A page may be gone after a while: then the next round begins at the front, with what was known before it. */
        private Future<Void> forgetPage(PollState state, int status) {
            return state.page() == null || status == TOO_MANY || status == UNAVAILABLE
                    ? Future.succeededFuture()
                    : new PollState(state.newest(), state.token(), null, null, null, null).save(store, key);
        }

        private EgressRequest request(URI uri, PollState state) {
            EgressRequest request = EgressRequest.get(uri, poll.timeout(), poll.maxBytes())
                    .redirects(MOST_REDIRECTS)
                    .header("Accept", accepted())
                    .header("User-Agent", "Freiraum");
            for (var header : poll.headers().entrySet()) {
                request.headers().set(header.getKey(), header.getValue().value());
            }
            if (!anew && uri.toString().equals(state.tagged())) {
                if (state.entityTag() != null) {
                    request = request.header("If-None-Match", state.entityTag());
                }
                if (state.modified() != null) {
                    request = request.header("If-Modified-Since", state.modified());
                }
            }
            return request;
        }

        private String accepted() {
            return switch (poll.format()) {
                case JSON -> "application/json, */*;q=0.5";
                case CSV -> "text/csv, */*;q=0.5";
                case GEOJSON -> "application/geo+json, application/json;q=0.9, */*;q=0.5";
            };
        }

        /** Hands on the records, some at a time; succeeds when all are durable. */
        private Future<Void> take(PollAnswer answer, int from) {
            if (from >= answer.records().size()) {
                return Future.succeededFuture();
            }
            int to = Math.min(answer.records().size(), from + AT_ONCE);
            List<Future<?>> taken = new ArrayList<>();
            for (PollAnswer.Part part : answer.records().subList(from, to)) {
                taken.add(take(part));
            }
            return Future.all(taken).compose(done -> take(answer, to));
        }

        private Future<Void> take(PollAnswer.Part part) {
            any = true;
            String hash = Hashes.of(part.body());
            Future<?> done;
            if (refused.contains(hash)) {
                pipeline.repeated(source);
                keep(hash);
                done = Future.succeededFuture();
            } else {
                RawMessage message =
                        RawMessage.of(part.body(), topic(), pipeline.clock().instant());
                done = pipeline.accept(source, message).onSuccess(receipt -> {
                    if (receipt.outcome() == Receipt.Outcome.DEAD) {
                        keep(hash);
                    }
                });
            }
            return done.map(durable -> {
                Instant time = part.time();
                if (time != null && (newest == null || time.isAfter(newest))) {
                    // A clock that is wrong must not let the cursor run ahead of what is still to come.
                    newest = time.isAfter(now) ? now : time;
                }
                return null;
            });
        }

        private void keep(String hash) {
            if (dead.size() < MOST_REFUSED) {
                dead.add(hash);
            }
        }

        /** Remembers how far it is, and goes on with the next page if there is one. */
        private Future<Boolean> turn(PollState state, URI uri, EgressResponse response, PollAnswer answer, int number) {
            String next =
                    answer.next() == null ? null : url.next(uri, answer.next()).toString();
            boolean moved = answer.token() != null && !Objects.equals(answer.token(), state.token());
            String token = answer.token() == null ? state.token() : answer.token();
            boolean more = next != null || (moved && !answer.records().isEmpty());
            boolean first = state.page() == null && number == 1;
            PollState after = after(
                    state,
                    next,
                    token,
                    first ? response.headers().get("ETag") : null,
                    first ? response.headers().get("Last-Modified") : null);
            PollState kept = first && !more && (after.entityTag() != null || after.modified() != null)
                    ? new PollState(after.newest(), token, null, uri.toString(), after.entityTag(), after.modified())
                    : new PollState(after.newest(), token, next, null, null, null);
            Future<Void> saved = kept.equals(state) ? Future.succeededFuture() : kept.save(store, key);
            return saved.compose(
                    done -> more && number < poll.maxPages() ? page(kept, number + 1) : Future.succeededFuture(any));
        }

        /** The newest record's time counts after the last page, since pages may begin with the newest. */
        private PollState after(
                PollState state,
                @Nullable String next,
                @Nullable String token,
                @Nullable String entityTag,
                @Nullable String modified) {
            Instant before = state.newest();
            Instant known =
                    next == null && newest != null && (before == null || newest.isAfter(before)) ? newest : before;
            return new PollState(known, token, next, null, entityTag, modified);
        }
    }

    private PollFailure refusal(EgressResponse response) {
        String meaning =
                switch (response.status()) {
                    case 401, 403 -> ": the credential in headers is missing or wrong";
                    case 404, 410 -> ": the address is wrong";
                    case 429 -> ": too many requests";
                    default -> "";
                };
        return new PollFailure("the answer is " + response.status() + meaning, retryAfter(response));
    }

    private Duration retryAfter(EgressResponse response) {
        String text = response.headers().get("Retry-After");
        if (text == null) {
            return Duration.ZERO;
        }
        Duration wait = Duration.ZERO;
        if (text.matches("\\d{1,9}")) {
            wait = Duration.ofSeconds(Long.parseLong(text));
        } else {
            try {
                Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                wait = Duration.between(pipeline.clock().instant(), at);
            } catch (DateTimeException e) {
                return Duration.ZERO;
            }
        }
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }
}
