package de.freiraum.aggregate.device;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of a device.
 *
 * @param reported when it reported last, or null
 * @param deadline when it is stale without another message; null: never
 * @param word what {@code deviceState} shall be; null: as it is
 * @param lowBattery what {@code lowBattery} shall be; null: nothing is known of the battery
 */
record DeviceState(
        @Nullable Instant reported,
        @Nullable Instant deadline,
        @Nullable String word,
        @Nullable Boolean lowBattery) {
    /** It reports. */
    static final String OK = "ok";

    /** It has been silent for too long. */
    static final String STALE = "stale";

    /** The state of a device's entity at a time. */
    static DeviceState of(Entity device, Instant now, Names names, DeviceConfig config) {
        Attribute report = device.defaultInstance(names.reported());
        Instant reported = report == null ? null : time(report);
        Instant deadline = report == null || reported == null ? null : deadline(report, reported, names, config);
        boolean stale = deadline != null && !deadline.isAfter(now);
        String word = text(device.defaultInstance(names.state()));
        // Words of others, such as a maker's, are left alone.
        boolean ours = word == null || word.equals(OK) || word.equals(STALE);
        Double level = number(device.defaultInstance(names.battery()));
        return new DeviceState(
                reported,
                deadline,
                ours && reported != null ? stale ? STALE : OK : null,
                level == null || level < 0 ? null : level < config.lowBattery());
    }

    /** Whether an entity says all that already. */
    boolean isToldBy(Entity device, Names names) {
        return (word == null || word.equals(text(device.defaultInstance(names.state()))))
                && (lowBattery == null || lowBattery.equals(truth(device.defaultInstance(names.low()))));
    }

    /** Makes the entity say it, by what it is then. */
    static EntityChange change(Instant at, Names names, DeviceConfig config) {
        return (before, now) -> {
            DeviceState state = before == null ? null : of(before, at, names, config);
            if (before == null || state == null || state.isToldBy(before, names)) {
                return EntityChange.Outcome.of(before, UpdateResult.EMPTY);
            }
            Map<String, List<Attribute>> attributes = new LinkedHashMap<>(before.attributes());
            List<String> updated = new ArrayList<>();
            if (state.word() != null && !state.word().equals(text(before.defaultInstance(names.state())))) {
                Instant since = STALE.equals(state.word()) ? state.deadline() : state.reported();
                set(attributes, before, names.state(), Value.of(state.word()), since, now);
                updated.add(names.state());
            }
            Attribute battery = before.defaultInstance(names.battery());
            if (state.lowBattery() != null
                    && battery != null
                    && !state.lowBattery().equals(truth(before.defaultInstance(names.low())))) {
                Instant since = battery.meta().observedAt();
                set(attributes, before, names.low(), Value.of(state.lowBattery()), since, now);
                updated.add(names.low());
            }
            return EntityChange.Outcome.of(
                    before.withAttributes(attributes).withTimes(before.createdAt(), now),
                    new UpdateResult(updated, List.of()));
        };
    }

    private static void set(
            Map<String, List<Attribute>> attributes,
            Entity before,
            String iri,
            Value value,
            @Nullable Instant observedAt,
            Instant now) {
        Attribute earlier = before.defaultInstance(iri);
        Instant created = earlier == null ? now : earlier.meta().createdAt();
        AttributeMeta meta = AttributeMeta.NONE.withTimes(created, now, null);
        attributes.put(
                iri,
                List.of(new Attribute.Property(value, observedAt == null ? meta : meta.withObservedAt(observedAt))));
    }

    private static @Nullable Instant deadline(Attribute report, Instant reported, Names names, DeviceConfig config) {
        Duration silence = config.silence();
        for (Attribute given : report.meta().attributes().getOrDefault(names.staleAfter(), List.of())) {
            try {
                String text = text(given);
                silence = text == null ? silence : Duration.parse(text);
            } catch (DateTimeException e) {
                return null;
            }
        }
        try {
            return silence.isNegative() || silence.isZero() ? null : reported.plus(silence);
        } catch (DateTimeException | ArithmeticException tooFar) {
            return null;
        }
    }

    private static @Nullable Instant time(Attribute report) {
        Value value = report instanceof Attribute.Property property ? property.value() : Value.Null.INSTANCE;
        if (value instanceof Value.Obj object && object.get("@value") instanceof Value.Text inside) {
            value = inside;
        }
        try {
            return value instanceof Value.Text text
                    ? Instant.parse(text.text())
                    : report.meta().observedAt();
        } catch (DateTimeException e) {
            return report.meta().observedAt();
        }
    }

    private static @Nullable String text(@Nullable Attribute attribute) {
        return attribute instanceof Attribute.Property p && p.value() instanceof Value.Text t ? t.text() : null;
    }

    private static @Nullable Double number(@Nullable Attribute attribute) {
        return attribute instanceof Attribute.Property p && p.value() instanceof Value.Num n ? n.asDouble() : null;
    }

    private static @Nullable Boolean truth(@Nullable Attribute attribute) {
        return attribute instanceof Attribute.Property p && p.value() instanceof Value.Bool b ? b.truth() : null;
    }
}
