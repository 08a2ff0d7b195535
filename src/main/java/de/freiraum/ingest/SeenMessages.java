package de.freiraum.ingest;

import de.freiraum.model.Tenant;
import de.freiraum.store.DocumentStore;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Remembers messages for at least two days, to recognise duplicates. What is remembered lies in the document store under keys that begin with the day, so that
 * old ones are found at the front; a bounded part of it is in memory. For any thread.
 *
 * <p>A message whose time is its arrival is entered before it is written (a claim), so that a redelivery takes the same time. Others are entered after
 * they are written: writing them again would change nothing.
 */
final class SeenMessages {
    static final String COLLECTION = "ingest-seen";
    private static final int PAGE = 1000;

    private final DocumentStore store;
    private final int mostCached;
    private final boolean shared;
    private final Map<String, Seen> cache;
    private boolean complete;

    /**
     * What is known of a message.
     *
     * @param written whether its changes are durable
     * @param arrival when it first arrived
     * @param time the time of its observations
     */
    record Seen(boolean written, Instant arrival, Instant time) {
        boolean within(Duration window, Instant now) {
            return !arrival.plus(window).isBefore(now);
        }
    }

    /**
     * Nothing remembered before {@link #load}.
     *
     * @param mostCached how many are in memory at the most
     * @param shared whether other processes remember messages in the same store
     */
    SeenMessages(DocumentStore store, int mostCached, boolean shared) {
        this.store = store;
        this.mostCached = mostCached;
        this.shared = shared;
        this.cache = new LinkedHashMap<>();
    }

    /** Reads what is remembered into memory, as far as it fits. */
    Future<Void> load(Instant now) {
        return load(day(now, 2), 0);
    }

    private Future<Void> load(String after, int loaded) {
        return store.list(Tenant.DEFAULT, COLLECTION, after, PAGE).compose(page -> {
            for (DocumentStore.Document document : page) {
                Seen seen = parse(document.bytes());
                int hash = document.key().indexOf('/') + 1;
                if (seen != null && hash > 0) {
                    remember(document.key().substring(hash), seen);
                }
            }
            int total = loaded + page.size();
            if (page.size() < PAGE) {
                setComplete(total <= mostCached && !shared);
                return Future.succeededFuture();
            }
            return total > mostCached
                    ? Future.succeededFuture()
                    : load(page.get(page.size() - 1).key(), total);
        });
    }

    /**
     * What is known of the message with that hash, or null.
     *
     * @param arrival when it arrives now
     * @param earliest when it can have arrived first; days before are not looked at
     */
    Future<@Nullable Seen> find(String hash, Instant arrival, Instant earliest) {
        synchronized (cache) {
            Seen seen = cache.get(hash);
            if ((seen != null && (seen.written() || !shared)) || complete) {
                return Future.succeededFuture(seen);
            }
        }
        return stored(hash, arrival, earliest, 0);
    }

    private Future<@Nullable Seen> stored(String hash, Instant arrival, Instant earliest, int daysBack) {
        String day = day(arrival, daysBack);
        if (daysBack > 2 || day.compareTo(day(earliest, 0)) < 0) {
            return Future.succeededFuture(null);
        }
        return store.get(Tenant.DEFAULT, COLLECTION, day + hash).compose(bytes -> {
            Seen seen = bytes == null ? null : parse(bytes);
            return seen == null ? stored(hash, arrival, earliest, daysBack + 1) : Future.succeededFuture(seen);
        });
    }

    /**
     * Enters a message that is about to be written, unless somebody else did.
     *
     * @return what is entered, durable: this or what was there
     */
    Future<Seen> claim(String hash, Seen claim) {
        if (!shared) {
            return enter(hash, claim).map(claim);
        }
        return store.putIfAbsent(Tenant.DEFAULT, COLLECTION, day(claim.arrival(), 0) + hash, bytes(claim))
                .compose(mine -> mine
                        ? Future.succeededFuture(claim)
                        : stored(hash, claim.arrival(), claim.arrival(), 0)
                                .map(there -> Objects.requireNonNullElse(there, claim)));
    }

    /** Enters a message; durable when the future succeeds. */
    Future<Void> enter(String hash, Seen seen) {
        remember(hash, seen);
        return store.put(Tenant.DEFAULT, COLLECTION, day(seen.arrival(), 0) + hash, bytes(seen));
    }

    private static byte[] bytes(Seen seen) {
        String text = (seen.written() ? "w " : "c ") + seen.arrival() + " " + seen.time();
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Removes what is older than three days. @return how many entries */
    Future<Integer> sweep(Instant now) {
        return sweep(day(now, 3), 0);
    }

    private Future<Integer> sweep(String before, int removed) {
        synchronized (cache) {
            cache.values().removeIf(seen -> day(seen.arrival(), 0).compareTo(before) < 0);
        }
        return store.list(Tenant.DEFAULT, COLLECTION, null, PAGE).compose(page -> {
            List<String> old = page.stream()
                    .map(DocumentStore.Document::key)
                    .filter(key -> key.compareTo(before) < 0)
                    .toList();
            Future<?> deleted = Future.join(old.stream()
                    .map(key -> store.delete(Tenant.DEFAULT, COLLECTION, key))
                    .toList());
            int total = removed + old.size();
            return deleted.compose(done -> old.size() == PAGE ? sweep(before, total) : Future.succeededFuture(total));
        });
    }

    private void setComplete(boolean isComplete) {
        synchronized (cache) {
            complete = isComplete;
        }
    }

    private void remember(String hash, Seen seen) {
        synchronized (cache) {
            cache.remove(hash);
            cache.put(hash, seen);
            if (cache.size() > mostCached) {
                var eldest = cache.entrySet().iterator();
                eldest.next();
                eldest.remove();
                complete = false;
            }
        }
    }

    private static String day(Instant time, int daysBack) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC).minusDays(daysBack) + "/";
    }

    private static @Nullable Seen parse(byte[] bytes) {
        String[] parts = new String(bytes, StandardCharsets.US_ASCII).split(" ");
        try {
            return parts.length == 3
                    ? new Seen(parts[0].equals("w"), Instant.parse(parts[1]), Instant.parse(parts[2]))
                    : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
