package de.freiraum.representation;

import de.freiraum.model.Value;
import de.freiraum.registration.Management;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code management} of registrations (clause 5.2.34). */
final class ManagementReader {
    private static final LocalDateTime START = LocalDateTime.of(2000, 1, 1, 0, 0);

    private ManagementReader() {}

    /** The members of the data type, checked. */
    static Value read(String name, Value value) {
        Value.Obj given = Members.object(name, value);
        Map<String, Value> members = new LinkedHashMap<>();
        given.members().forEach((key, member) -> {
            String path = name + "." + key;
            switch (key) {
                case "cacheDuration" -> members.put(key, Members.isoDuration(path, member));
                case "cooldown", "timeout" -> {
                    Members.positive(path, member);
                    members.put(key, member);
                }
                case "localOnly" -> members.put(key, Value.of(Members.bool(path, member)));
                default -> {}
            }
        });
        return new Value.Obj(members);
    }

    /** What a document made by {@link #read} says. */
    static Management stored(Value.Obj management) {
        Value cacheDuration = management.get("cacheDuration");
        return new Management(
                millis("timeout", management.get("timeout")),
                millis("cooldown", management.get("cooldown")),
                cacheDuration == null ? null : length(Members.text("cacheDuration", cacheDuration)),
                Value.Bool.TRUE.equals(management.get("localOnly")));
    }

    private static @Nullable Duration millis(String name, @Nullable Value value) {
        return value == null ? null : Members.duration(name, value, 1);
    }

    /** The length of an ISO 8601 duration; years and months count from the start of the year 2000. */
    private static Duration length(String iso) {
        int t = iso.indexOf('T');
        String days = t < 0 ? iso : iso.substring(0, t);
        Period period = days.equals("P") ? Period.ZERO : Period.parse(days);
        Duration time = t < 0 ? Duration.ZERO : Duration.parse("P" + iso.substring(t));
        return Duration.of(ChronoUnit.MILLIS.between(START, START.plus(period).plus(time)), ChronoUnit.MILLIS);
    }
}
