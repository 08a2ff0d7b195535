package de.freiraum.ingest;

import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.store.DocumentStore;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages that could not be mapped, with their reasons and raw bytes. The oldest are dropped when there are too many. For any thread. */
public final class DeadLetters {
    static final String COLLECTION = "dead-letters";
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int PAGE = 200;

    private final DocumentStore store;
    private final InstantSource clock;
    private final IngestPipeline pipeline;
    private final int most;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong sequence = new AtomicLong();

    DeadLetters(DocumentStore store, InstantSource clock, IngestPipeline pipeline, int most) {
        this.store = store;
        this.clock = clock;
        this.pipeline = pipeline;
        this.most = most;
    }

    /**
     * A page of dead letters.
     *
     * @param letters the oldest first
     * @param next what to pass as {@code after} for the next page, or null when this is the last
     */
    public record Page(List<DeadLetter> letters, @Nullable String next) {
        /** Copies the list. */
        public Page {
            letters = List.copyOf(letters);
        }
    }

    /**
     * Which dead letters are meant; what is null makes no difference.
     *
     * @param source only of this source
     * @param reason only with this reason
     * @param from only those that arrived then or later
     * @param to only those that arrived earlier
     */
    public record Filter(
            @Nullable String source,
            Rejection.@Nullable Reason reason,
            @Nullable Instant from,
            @Nullable Instant to) {
        /** All of them. */
        public static final Filter ALL = new Filter(null, null, null, null);

        boolean matches(DeadLetter letter) {
            Instant arrival = letter.message().receivedAt();
            return (source == null || source.equals(letter.source()))
                    && (reason == null || reason == letter.reason())
                    && (from == null || !arrival.isBefore(from))
                    && (to == null || arrival.isBefore(to));
        }
    }

    Future<Void> start() {
        return countFrom(null, 0);
    }

    private Future<Void> countFrom(@Nullable String after, long counted) {
        return store.list(Tenant.DEFAULT, COLLECTION, after, PAGE).compose(page -> {
            long total = counted + page.size();
            if (page.size() < PAGE) {
                count.set(total);
                return Future.succeededFuture();
            }
            return countFrom(page.get(page.size() - 1).key(), total);
        });
    }

    /** How many there are. */
    public long count() {
        return count.get();
    }

    Future<DeadLetter> add(String source, RawMessage message, Rejection rejection) {
        long millis = clock.instant().toEpochMilli();
        String content = source + '|' + message.topic() + '|' + sequence.incrementAndGet() + '|' + millis;
        String id = String.format(
                Locale.ROOT,
                "%013d-%s",
                millis,
                Hashes.of(content.getBytes(StandardCharsets.UTF_8), message.body())
                        .substring(0, 12));
        DeadLetter letter = new DeadLetter(id, source, rejection.reason(), clipped(rejection.detail()), message, 1);
        return store.put(Tenant.DEFAULT, COLLECTION, id, letter.toBytes())
                .compose(done -> count.incrementAndGet() > most ? dropOldest() : Future.succeededFuture())
                .map(letter);
    }

    private static String clipped(String detail) {
        return detail.length() <= 500 ? detail : detail.substring(0, 500);
    }

    private Future<Void> dropOldest() {
        return store.list(Tenant.DEFAULT, COLLECTION, null, 1)
                .compose(page -> page.isEmpty()
                        ? Future.succeededFuture(false)
                        : store.delete(Tenant.DEFAULT, COLLECTION, page.get(0).key()))
                .onSuccess(dropped -> {
                    if (dropped) {
                        count.decrementAndGet();
                    }
                })
                .onFailure(e -> LOG.warn("the oldest dead letter could not be dropped", e))
                .otherwise(false)
                .mapEmpty();
    }

    /**
     * A page, the oldest first.
     *
     * @param filter which
     * @param after only those behind this id, or null
     * @param limit the most to return, from 1
     */
    public Future<Page> list(Filter filter, @Nullable String after, int limit) {
        return collect(filter, after, limit, new ArrayList<>());
    }

    private Future<Page> collect(Filter filter, @Nullable String after, int limit, List<DeadLetter> found) {
        return store.list(Tenant.DEFAULT, COLLECTION, after, PAGE).compose(page -> {
            for (DocumentStore.Document document : page) {
                DeadLetter letter = DeadLetter.parse(document.bytes());
                if (filter.matches(letter)) {
                    if (found.size() == limit) {
                        return Future.succeededFuture(
                                new Page(found, found.get(limit - 1).id()));
                    }
                    found.add(letter);
                }
            }
            return page.size() < PAGE
                    ? Future.succeededFuture(new Page(found, null))
                    : collect(filter, page.get(page.size() - 1).key(), limit, found);
        });
    }

    /** One dead letter; fails with ResourceNotFound. */
    public Future<DeadLetter> get(String id) {
        return store.get(Tenant.DEFAULT, COLLECTION, id)
                .compose(bytes -> bytes == null
                        ? Future.failedFuture(NgsiLdException.notFound("there is no such dead letter"))
                        : Future.succeededFuture(DeadLetter.parse(bytes)));
    }

    /** Removes one; fails with ResourceNotFound. */
    public Future<Void> delete(String id) {
        return store.delete(Tenant.DEFAULT, COLLECTION, id).compose(there -> {
            if (!there) {
                return Future.failedFuture(NgsiLdException.notFound("there is no such dead letter"));
            }
            count.decrementAndGet();
            return Future.succeededFuture();
        });
    }

    /**
     * Sends one through the pipeline again, as if it had arrived when it did. It is removed unless it is refused again; then it stays with the
     * new reason.
     */
    public Future<Receipt> replay(String id) {
        return get(id).compose(letter -> pipeline.process(letter.source(), letter.message())
                .compose(
                        receipt -> delete(id).map(receipt).otherwise(receipt),
                        failure -> failure instanceof Rejection rejection
                                ? kept(letter, rejection)
                                : Future.failedFuture(failure)));
    }

    /**
     * Removes all that match.
     *
     * @return how many
     */
    public Future<Integer> deleteAll(Filter filter) {
        return each(filter, null, 0, (deleted, letter) -> delete(letter.id())
                .map(done -> deleted + 1)
                .recover(failure -> failure instanceof NgsiLdException
                        ? Future.succeededFuture(deleted)
                        : Future.failedFuture(failure)));
    }

    /**
     * Sends all that match through the pipeline again, the oldest first, each as {@link #replay(String)} does.
     *
     * @return how many had which outcome
     */
    public Future<Map<Receipt.Outcome, Integer>> replayAll(Filter filter) {
        Map<Receipt.Outcome, Integer> outcomes = new EnumMap<>(Receipt.Outcome.class);
        return each(filter, null, outcomes, (counted, letter) -> replay(letter.id())
                .map(receipt -> {
                    counted.merge(receipt.outcome(), 1, Integer::sum);
                    return counted;
                })
                .recover(failure -> failure instanceof NgsiLdException
                        ? Future.succeededFuture(counted)
                        : Future.failedFuture(failure)));
    }

    /** Does something with each that matches, one after the other; what is refused again keeps its id and does not come twice. */
    private <T> Future<T> each(
            Filter filter, @Nullable String after, T start, BiFunction<T, DeadLetter, Future<T>> action) {
        return list(filter, after, PAGE).compose(page -> {
            Future<T> result = Future.succeededFuture(start);
            for (DeadLetter letter : page.letters()) {
                result = result.compose(soFar -> action.apply(soFar, letter));
            }
            String next = page.next();
            return next == null ? result : result.compose(soFar -> each(filter, next, soFar, action));
        });
    }

    private Future<Receipt> kept(DeadLetter letter, Rejection rejection) {
        DeadLetter again = new DeadLetter(
                letter.id(),
                letter.source(),
                rejection.reason(),
                clipped(rejection.detail()),
                letter.message(),
                letter.attempts() + 1);
        return store.put(Tenant.DEFAULT, COLLECTION, letter.id(), again.toBytes())
                .map(new Receipt(Receipt.Outcome.DEAD, again.detail(), letter.id(), 0, false));
    }
}
