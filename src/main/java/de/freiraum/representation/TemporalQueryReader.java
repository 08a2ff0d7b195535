package de.freiraum.representation;

import de.freiraum.model.Subscription;
import de.freiraum.model.Value;
import de.freiraum.query.TemporalQuery;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code temporalQ} of subscriptions to registrations (clause 5.2.21). */
public final class TemporalQueryReader {
    private TemporalQueryReader() {}

    /** The members that say which registrations match, checked; others are about instances, of which registrations have none. */
    static Value read(String name, Value value) {
        Value.Obj given = Members.object(name, value);
        Map<String, Value> members = new LinkedHashMap<>();
        for (String key : List.of("timerel", "timeAt", "endTimeAt", "timeproperty")) {
            Value member = given.get(key);
            if (member != null) {
                members.put(key, Value.of(Members.text(name + "." + key, member)));
            }
        }
        Members.required(name + ".timerel", members.get("timerel"));
        Value.Obj query = new Value.Obj(members);
        parse(query);
        return query;
    }

    /** The temporal query of a subscription, or null. */
    public static @Nullable TemporalQuery of(Subscription subscription) {
        return subscription.document().get("temporalQ") instanceof Value.Obj query ? parse(query) : null;
    }

    private static TemporalQuery parse(Value.Obj query) {
        return TemporalQuery.parse(
                text(query, "timerel"),
                text(query, "timeAt"),
                text(query, "endTimeAt"),
                text(query, "timeproperty"),
                null,
                null);
    }

    private static @Nullable String text(Value.Obj query, String name) {
        return query.get(name) instanceof Value.Text text ? text.text() : null;
    }
}
