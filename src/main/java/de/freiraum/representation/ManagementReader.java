package de.freiraum.representation;

import de.freiraum.model.Value;
import de.freiraum.query.IsoDuration;
import de.freiraum.registration.Management;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code management} of registrations (clause 5.2.34). */
final class ManagementReader {
    private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

    private ManagementReader() {}

    /** The members of the data type, checked. */
    static Value read(String name, Value value) {
        Value.Obj given = Members.object(name, value);
        Map<String, Value> members = new LinkedHashMap<>();
        given.members().forEach((key, member) -> {
            String path = name + "." + key;
            switch (key) {
                case "cacheDuration" -> {
                    Members.isoDuration(path, member);
                    members.put(key, member);
                }
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
                cacheDuration == null ? null : length(Members.isoDuration("cacheDuration", cacheDuration)),
                Value.Bool.TRUE.equals(management.get("localOnly")));
    }

    private static @Nullable Duration millis(String name, @Nullable Value value) {
        return value == null ? null : Members.duration(name, value, 1);
    }

    /** The length of a duration; years and months count from the start of the year 2000. */
    private static Duration length(IsoDuration duration) {
        return Duration.between(START, duration.after(START, 1));
    }
}
