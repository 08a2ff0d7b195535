package de.freiraum.broker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/** What identifies this broker among context sources (clauses 5.2.40 and 5.15.1). Immutable. */
public final class SourceIdentity {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final String id;
    private final String alias;
    private final Instant startedAt;
    private final InstantSource clock;

    /**
     * The identity of a broker that starts now.
     *
     * @param id URI
     * @param alias pseudonym in Via headers; unique among brokers that ask each other
     */
    public SourceIdentity(String id, String alias, InstantSource clock) {
        this.id = id;
        this.alias = alias;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /**
     * Clause 5.2.40.
     *
     * @param id URI
     * @param alias pseudonym, different for each tenant
     * @param uptime how long the broker runs, in whole seconds
     * @param now the time at the broker
     */
    public record Description(String id, String alias, Duration uptime, Instant now) {}

    /** Clause 5.15.1. */
    public Description describe(Caller caller) {
        Instant now = clock.instant();
        Duration uptime = Duration.between(startedAt, now).truncatedTo(ChronoUnit.SECONDS);
        String tenant = caller.tenant().isDefault() ? "" : "-" + caller.tenant().name();
        return new Description(id, token(alias + tenant), uptime.isNegative() ? Duration.ZERO : uptime, now);
    }

    /** A pseudonym is a token (RFC 7230, sections 3.2.6 and 5.7.1); what no token may hold is percent-encoded. */
    private static String token(String text) {
        StringBuilder token = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0) {
                token.append(c);
            } else {
                token.append('%').append(HEX.toHexDigits(b));
            }
        }
        return token.toString();
    }
}
