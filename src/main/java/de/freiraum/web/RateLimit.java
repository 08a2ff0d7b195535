package de.freiraum.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often each client may ask: a bucket of so many requests that fills again evenly in a window of time. What it says in headers follows
 * draft-ietf-httpapi-ratelimit-headers-10. So many clients are known; when there are more, those that asked longest ago begin anew. Safe for any thread.
 */
public final class RateLimit {
    /** Clients are spread over maps with a lock each. */
    private static final int STRIPES = 16;

    private final double capacity;
    private final double perNano;
    private final LongSupplier nanos;
    private final String policy;
    private final List<Stripe> stripes = new ArrayList<>();

    private static final class Bucket {
        double tokens;
        long at;

        Bucket(double tokens, long at) {
            this.tokens = tokens;
            this.at = at;
        }
    }

    /** Some of the clients, not more than so many; those that asked longest ago go first. */
    private static final class Stripe extends LinkedHashMap<String, Bucket> {
        private static final long serialVersionUID = 1L;
        private final int most;

        Stripe(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > most;
        }
    }

    /**
     * What becomes of a request.
     *
     * @param allowed whether it may be answered
     * @param limit the header {@code RateLimit}
     * @param retryAfter seconds until the next request may be answered; 0 if this one may
     */
    public record Verdict(boolean allowed, String limit, long retryAfter) {}

    /**
     * A limit.
     *
     * @param requests in a window, at once if need be; above 0
     * @param window in which as many more become possible; at least a second
     * @param mostClients clients that are known at a time
     * @param nanos tells a time that only grows, in nanoseconds
     */
    public RateLimit(int requests, Duration window, int mostClients, LongSupplier nanos) {
        if (requests < 1 || window.compareTo(Duration.ofSeconds(1)) < 0 || mostClients < 1) {
            throw new IllegalArgumentException("a limit has at least one request, one second and one client");
        }
        this.capacity = requests;
        this.perNano = capacity / window.toNanos();
        this.nanos = nanos;
        this.policy = "\"client\";q=" + requests + ";w=" + window.toSeconds();
        for (int i = 0; i < STRIPES; i++) {
            stripes.add(new Stripe(Math.max(1, mostClients / STRIPES)));
        }
    }

    /** The header {@code RateLimit-Policy}. */
    public String policy() {
        return policy;
    }

    /** Counts a request of a client. */
    public Verdict ask(String client) {
        Stripe stripe = stripes.get(Math.floorMod(client.hashCode(), STRIPES));
        long now = nanos.getAsLong();
        synchronized (stripe) {
            Bucket bucket = stripe.computeIfAbsent(client, unknown -> new Bucket(capacity, now));
            bucket.tokens = Math.min(capacity, bucket.tokens + (now - bucket.at) * perNano);
            bucket.at = now;
            boolean allowed = bucket.tokens >= 1;
            if (allowed) {
                bucket.tokens--;
            }
            return new Verdict(
                    allowed,
                    "\"client\";r=" + (long) bucket.tokens + ";t=" + seconds(capacity - bucket.tokens),
                    allowed ? 0 : Math.max(1, seconds(1 - bucket.tokens)));
        }
    }

    private long seconds(double tokens) {
        return (long) Math.ceil(tokens / perNano / 1e9);
    }
}
