package de.freiraum.aggregate.parking;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Value;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a total needs to know of one spot.
 *
 * @param site the site it belongs to, or null
 * @param group the group it belongs to, or null
 * @param status its state
 * @param since when that state was observed; for an unknown state when it became unknown; null if the spot does not say
 * @param reserved whether it is reserved for some
 * @param categories what kind of spot it is
 * @param silentAt when it becomes unknown without a new message; null: never
 */
record SpotState(
        @Nullable String site,
        @Nullable String group,
        SpotStatus status,
        @Nullable Instant since,
        boolean reserved,
        List<String> categories,
        @Nullable Instant silentAt) {

    /** The state of a spot's entity. */
    static SpotState of(Entity spot, ParkingNames names, ParkingConfig config) {
        Attribute attribute = spot.defaultInstance(names.status());
        SpotStatus status = attribute == null ? SpotStatus.UNKNOWN : status(attribute);
        List<String> categories = texts(spot.defaultInstance(names.category()));
        return new SpotState(
                object(spot.defaultInstance(names.refParkingSite())),
                object(spot.defaultInstance(names.refParkingGroup())),
                status,
                attribute == null ? null : since(attribute, status),
                categories.stream().anyMatch(config.reservedCategories()::contains),
                categories,
                attribute == null ? null : silentAt(attribute, names, config));
    }

    /** The state that a status attribute tells. */
    static SpotStatus status(Attribute attribute) {
        return attribute instanceof Attribute.Property p && p.value() instanceof Value.Text t
                ? SpotStatus.parse(t.text())
                : SpotStatus.UNKNOWN;
    }

    /** When the state told by a status attribute becomes unknown without a new message; null: never. */
    static @Nullable Instant silentAt(Attribute attribute, ParkingNames names, ParkingConfig config) {
        SpotStatus status = status(attribute);
        Instant observedAt = attribute.meta().observedAt();
        if (observedAt == null || (status != SpotStatus.FREE && status != SpotStatus.OCCUPIED)) {
            return null;
        }
        Duration stale = duration(attribute.meta().attributes(), names.staleAfter());
        if (stale == null) {
            stale = config.silence();
        }
        try {
            return stale.isNegative() || stale.isZero() ? null : observedAt.plus(stale);
        } catch (DateTimeException | ArithmeticException tooFar) {
            return null;
        }
    }

    /** How short a state is too short to count: as the status says in {@code debounce}, otherwise as configured. */
    static Duration debounce(Attribute status, ParkingNames names, ParkingConfig config) {
        Duration own = duration(status.meta().attributes(), names.debounce());
        return own == null ? config.debounce() : own;
    }

    /** Whether its category says so. */
    boolean onStreet() {
        return categories.contains("onStreet");
    }

    /** Whether both count the same in every total. */
    boolean countsLike(SpotState other) {
        return java.util.Objects.equals(site, other.site)
                && java.util.Objects.equals(group, other.group)
                && status == other.status
                && reserved == other.reserved
                && categories.equals(other.categories);
    }

    /** When a state began: when it was observed; an unknown one when it became unknown. */
    static @Nullable Instant since(Attribute attribute, SpotStatus status) {
        Instant observedAt = attribute.meta().observedAt();
        Instant modifiedAt = attribute.meta().modifiedAt();
        boolean later = modifiedAt != null && (observedAt == null || modifiedAt.isAfter(observedAt));
        return status == SpotStatus.UNKNOWN && later ? modifiedAt : observedAt;
    }

    private static @Nullable Duration duration(Map<String, List<Attribute>> subAttributes, String iri) {
        for (Attribute given : subAttributes.getOrDefault(iri, List.of())) {
            if (given instanceof Attribute.Property p && p.value() instanceof Value.Text t) {
                try {
                    return Duration.parse(t.text());
                } catch (DateTimeException e) {
                    return null;
                }
            }
        }
        return null;
    }

    private static @Nullable String object(@Nullable Attribute attribute) {
        return attribute instanceof Attribute.Relationship r && !r.objects().isEmpty()
                ? r.objects().get(0)
                : null;
    }

    private static List<String> texts(@Nullable Attribute attribute) {
        List<String> texts = new ArrayList<>();
        if (attribute instanceof Attribute.Property p) {
            List<Value> values = p.value() instanceof Value.Array a ? a.items() : List.of(p.value());
            for (Value value : values) {
                if (value instanceof Value.Text t) {
                    texts.add(t.text());
                }
            }
        }
        return List.copyOf(texts);
    }
}
