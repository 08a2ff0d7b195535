package de.freiraum.representation;

import de.freiraum.json.Times;
import de.freiraum.jsonld.Context;
import de.freiraum.model.DeliveryCounters;
import de.freiraum.model.Value;
import de.freiraum.registration.CSourceRegistration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Writes context source registrations as they are read back and notified (clauses 5.2.9, 5.10.1, 5.11.7). */
public final class RegistrationWriter {
    private final Context context;
    private final IntPredicate only;
    private final boolean typesAsArrays;

    private RegistrationWriter(Context context, IntPredicate only, boolean typesAsArrays) {
        this.context = context;
        this.only = only;
        this.typesAsArrays = typesAsArrays;
    }

    /**
     * The registration with compacted names, as it is notified. The types of entities are always arrays.
     *
     * @param context what to compact names with; not part of the result
     * @param only which parts of {@code information} to write, by their place
     */
    public static Value.Obj writeNotified(CSourceRegistration registration, Context context, IntPredicate only) {
        return new RegistrationWriter(context, only, true).registration(registration);
    }

    /**
     * The registration with compacted names and what only the broker knows.
     *
     * @param counters what became of requests to the source
     * @param createdAt when it was registered; null to leave the system's times out
     * @param modifiedAt when it was last changed; null to leave it out
     */
    public static Value.Obj write(
            CSourceRegistration registration,
            DeliveryCounters counters,
            Context context,
            @Nullable Instant createdAt,
            @Nullable Instant modifiedAt) {
        Map<String, Value> members = new LinkedHashMap<>(new RegistrationWriter(context, i -> true, false)
                .registration(registration)
                .members());
        if (counters.timesSent() > 0) {
            members.put("timesSent", Value.of(counters.timesSent()));
            members.put("timesFailed", Value.of(counters.timesFailed()));
        }
        if (counters.lastSuccess() != null || counters.lastFailure() != null) {
            members.put("status", Value.of(counters.failing() ? "failed" : "ok"));
        }
        time(members, "lastSuccess", counters.lastSuccess());
        time(members, "lastFailure", counters.lastFailure());
        time(members, "createdAt", createdAt);
        time(members, "modifiedAt", modifiedAt);
        return new Value.Obj(members);
    }

    private static void time(Map<String, Value> members, String name, @Nullable Instant at) {
        if (at != null) {
            members.put(name, Value.of(Times.format(at)));
        }
    }

    private Value.Obj registration(CSourceRegistration registration) {
        Map<String, Value> members = new LinkedHashMap<>();
        registration.document().members().forEach((name, value) -> {
            if (name.equals("information")) {
                members.put(name, information(value));
            } else {
                members.put(RegistrationReader.isMember(name) ? name : context.compact(name), value);
            }
        });
        return new Value.Obj(members);
    }

    private Value information(Value value) {
        List<Value> written = new ArrayList<>();
        if (value instanceof Value.Array array) {
            for (int i = 0; i < array.items().size(); i++) {
                if (only.test(i) && array.items().get(i) instanceof Value.Obj info) {
                    written.add(info(info));
                }
            }
        }
        return new Value.Array(written);
    }

    private Value.Obj info(Value.Obj info) {
        Map<String, Value> members = new LinkedHashMap<>();
        info.members().forEach((name, value) -> {
            if (name.equals("entities") && value instanceof Value.Array entities) {
                List<Value> compacted = new ArrayList<>();
                entities.items().forEach(e -> compacted.add(e instanceof Value.Obj entity ? entity(entity) : e));
                members.put(name, new Value.Array(compacted));
            } else {
                members.put(name, names(value));
            }
        });
        return new Value.Obj(members);
    }

    private Value.Obj entity(Value.Obj entity) {
        Map<String, Value> members = new LinkedHashMap<>(entity.members());
        members.computeIfPresent(
                "type",
                (name, types) -> typesAsArrays && types instanceof Value.Text
                        ? new Value.Array(List.of(names(types)))
                        : names(types));
        return new Value.Obj(members);
    }

    private Value names(Value value) {
        if (value instanceof Value.Array array) {
            List<Value> names = new ArrayList<>();
            array.items().forEach(name -> names.add(names(name)));
            return new Value.Array(names);
        }
        return value instanceof Value.Text text ? Value.of(context.compact(text.text())) : value;
    }
}
