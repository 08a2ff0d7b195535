package de.freiraum.ingest.mapping;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Value;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of a message's times is the time of its observations: the first of the order that is there and not out of bounds. When none is, the
 * message's arrival counts.
 *
 * @param order which time comes first
 * @param device where the device's own time is among the decoded fields, or null: the envelope says it
 * @param past how long before arrival a time may be
 * @param future how long after arrival
 */
public record TimeRule(List<Clock> order, @Nullable Expression device, Duration past, Duration future) {
    /** Whose clock a time comes from. */
    public enum Clock {
        /** The device. */
        device,
        /** The earliest gateway. */
        gateway,
        /** The network server. */
        network,
        /** The application server. */
        server
    }

    /** Device, gateway, network, server; 30 days back, 5 minutes ahead. */
    public static final TimeRule DEFAULT =
            new TimeRule(List.of(Clock.values()), null, Duration.ofDays(30), Duration.ofMinutes(5));

    /** Copies the list. */
    public TimeRule {
        order = List.copyOf(order);
    }

    /** The time, or null when arrival counts. */
    @Nullable
    Instant choose(Uplink uplink, Value.Obj decoded, Device listed, Instant arrival) {
        for (Clock clock : order) {
            Instant time =
                    switch (clock) {
                        case device -> deviceTime(uplink, decoded, listed, arrival);
                        case gateway -> uplink.times().gateway();
                        case network -> uplink.times().network();
                        case server -> uplink.times().server();
                    };
            if (time != null && isSane(time, arrival)) {
                return time;
            }
        }
        return null;
    }

    private @Nullable Instant deviceTime(Uplink uplink, Value.Obj decoded, Device listed, Instant arrival) {
        if (device == null) {
            return uplink.times().device();
        }
        Map<String, Object> variables =
                Scope.of(uplink, decoded, listed, arrival, List.of()).variables();
        Value value = device.evaluate(variables);
        return value == null ? null : instant(value, "time");
    }

    /** Whether a time is close enough to arrival to be believed. */
    boolean isSane(Instant time, Instant arrival) {
        return !time.isBefore(arrival.minus(past)) && !time.isAfter(arrival.plus(future));
    }

    /** Seconds since 1970 or ISO 8601 with an offset. */
    static Instant instant(Value value, String name) {
        try {
            if (value instanceof Value.Num number) {
                BigDecimal millis = number.asDecimal().movePointRight(3);
                return Instant.ofEpochMilli(millis.longValue());
            }
            if (value instanceof Value.Text text) {
                return OffsetDateTime.parse(text.text()).toInstant();
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw wrong(name);
        }
        throw wrong(name);
    }

    private static Rejection wrong(String name) {
        return Rejection.mapping("\"" + name + "\" must be seconds since 1970 or a time in ISO 8601 with an offset");
    }
}
