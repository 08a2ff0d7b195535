package de.freiraum.query;

import de.freiraum.model.NgsiLdException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A condition on time (clause 4.11) with limits of the answer.
 *
 * @param relation how the time shall lie to the bounds, or null: any time
 * @param timeAt the bound, or the first instant of {@code between}
 * @param endTimeAt the first instant after the interval of {@code between}
 * @param timeProperty the time that counts
 * @param lastN the most instances of an attribute, counted from the newest; 0: all
 * @param firstN the most instances of an attribute, counted from the oldest; 0: all
 */
public record TemporalQuery(
        @Nullable Relation relation,
        @Nullable Instant timeAt,
        @Nullable Instant endTimeAt,
        TimeProperty timeProperty,
        int lastN,
        int firstN) {

    /** All of history. */
    public static final TemporalQuery ALL = new TemporalQuery(null, null, null, TimeProperty.observedAt, 0, 0);

    /** The relations of clause 4.11, named as {@code timerel} names them. */
    public enum Relation {
        /** Earlier than {@code timeAt}. */
        before,
        /** At {@code timeAt} or later. */
        after,
        /** At {@code timeAt} or later, and earlier than {@code endTimeAt}. */
        between
    }

    /**
     * Parses the parameters, of which each may be absent.
     *
     * @throws NgsiLdException BadRequestData, naming the parameter that is missing or wrong
     */
    public static TemporalQuery parse(
            @Nullable String timerel,
            @Nullable String timeAt,
            @Nullable String endTimeAt,
            @Nullable String property,
            @Nullable String lastN,
            @Nullable String firstN) {
        Relation relation = timerel == null ? null : named(Relation.class, "timerel", timerel);
        Instant from = timeAt == null ? null : instant("timeAt", timeAt);
        Instant to = endTimeAt == null ? null : instant("endTimeAt", endTimeAt);
        if (relation != null && from == null) {
            throw NgsiLdException.badRequest("timeAt is missing: timerel needs it");
        }
        if (relation == null && (from != null || to != null)) {
            throw NgsiLdException.badRequest("timerel is missing: timeAt and endTimeAt need it");
        }
        if (relation == Relation.between && to == null) {
            throw NgsiLdException.badRequest("endTimeAt is missing: timerel=between needs it");
        }
        if (relation != Relation.between && to != null) {
            throw NgsiLdException.badRequest("endTimeAt: only timerel=between takes it");
        }
        if (from != null && to != null && to.isBefore(from)) {
            throw NgsiLdException.badRequest("endTimeAt: must not be before timeAt");
        }
        if (lastN != null && firstN != null) {
            throw NgsiLdException.badRequest("lastN and firstN exclude each other");
        }
        return new TemporalQuery(
                relation,
                from,
                to,
                property == null ? TimeProperty.observedAt : named(TimeProperty.class, "timeproperty", property),
                lastN == null ? 0 : positive("lastN", lastN),
                firstN == null ? 0 : positive("firstN", firstN));
    }

    /** Whether a time meets the condition; an absent one does only where there is no condition. */
    public boolean matches(@Nullable Instant time) {
        return (relation == null || time != null)
                && (from() == null || (time != null && !time.isBefore(from())))
                && (to() == null || (time != null && time.isBefore(to())));
    }

    /** The first instant that meets the condition, or null if there is none. */
    public @Nullable Instant from() {
        return relation == Relation.before ? null : timeAt;
    }

    /** The first instant after those that meet the condition, or null if there is none. */
    public @Nullable Instant to() {
        return relation == Relation.before ? timeAt : endTimeAt;
    }

    static <E extends Enum<E>> E named(Class<E> type, String parameter, String text) {
        StringBuilder allowed = new StringBuilder();
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
            allowed.append(allowed.isEmpty() ? "" : ", ").append(constant.name());
        }
        throw NgsiLdException.badRequest(parameter + ": allowed are " + allowed);
    }

    private static Instant instant(String parameter, String text) {
        Moment moment = Moment.parse(text);
        if (moment == null || moment.kind() != Moment.Kind.DATE_TIME) {
            throw NgsiLdException.badRequest(parameter + ": expected a DateTime in UTC, such as 2017-12-13T14:20:00Z");
        }
        return moment.toInstant();
    }

    private static int positive(String parameter, String text) {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw NgsiLdException.badRequest(parameter + ": expected a whole number greater than 0");
        }
        int number = Integer.parseInt(text);
        if (number == 0) {
            throw NgsiLdException.badRequest(parameter + ": expected a whole number greater than 0");
        }
        return number;
    }
}
