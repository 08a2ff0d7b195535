package de.freiraum.ingest.mapping;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Attribute;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entity that an uplink says something about.
 *
 * @param entity its id
 * @param type IRI of its type
 * @param when the condition, or null: always
 * @param each a list of which each element is an observation of its own, or null
 * @param time the element's time, or null: the uplink's
 * @param set its attributes
 */
public record EmitRule(
        Template entity,
        String type,
        @Nullable Expression when,
        @Nullable Expression each,
        @Nullable Expression time,
        List<AttributeRule> set) {
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+");
    private static final int MOST_ITEMS = 1000;

    /** Copies the list. */
    public EmitRule {
        set = List.copyOf(set);
    }

    /** What was made of one uplink: a fragment and the time of its observations. */
    record Emitted(EntityFragment fragment, Instant time) {}

    void emit(Scope scope, TimeRule times, Instant arrival, List<Emitted> into) {
        if (each == null) {
            one(scope, into);
            return;
        }
        Value items = each.evaluate(scope.variables());
        if (items == null) {
            return;
        }
        if (!(items instanceof Value.Array array) || array.items().size() > MOST_ITEMS) {
            throw Rejection.mapping("\"" + each + "\" must be a list of at most " + MOST_ITEMS);
        }
        array.items().stream()
                .map(item -> of(scope, item, times, arrival))
                .sorted(Comparator.comparing(Scope::time))
                .forEach(item -> one(item, into));
    }

    private Scope of(Scope scope, Value item, TimeRule times, Instant arrival) {
        if (time == null) {
            return scope.withItem(item);
        }
        Value stated = time.evaluate(scope.withItem(item).variables());
        if (stated == null) {
            throw Rejection.mapping("\"" + time + "\" is missing in an element of " + each);
        }
        Instant at = TimeRule.instant(stated, "time");
        if (!times.isSane(at, arrival)) {
            throw Rejection.mapping("an element of " + each + " has the time " + at + ", outside " + times.past()
                    + " before and " + times.future() + " after its arrival");
        }
        return scope.withItem(item, at);
    }

    private void one(Scope scope, List<Emitted> into) {
        if (when != null && !when.holds(scope.variables())) {
            return;
        }
        String id = scope.fill(entity);
        if (id == null) {
            throw Rejection.mapping("the entity id " + entity + " needs " + String.join(", ", entity.needs())
                    + ", which the device list does not have for this device");
        }
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        for (AttributeRule rule : set) {
            List<Attribute> instances = rule.instances(scope);
            if (!instances.isEmpty()) {
                attributes.merge(rule.iri(), instances, EmitRule::both);
            }
        }
        if (!attributes.isEmpty()) {
            into.add(new Emitted(
                    new EntityFragment(uri(id, "entity"), List.of(type), null, attributes, null, Set.of()),
                    scope.time()));
        }
    }

    private static List<Attribute> both(List<Attribute> first, List<Attribute> second) {
        return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
    }

    /** The text itself if it is a URI. */
    static String uri(String text, String name) {
        if (!URI.matcher(text).matches()) {
            throw Rejection.mapping("\"" + name + "\" gives \"" + Rejection.clip(text)
                    + "\", which is no URI; fields in it may have letters, digits and - . _ ~");
        }
        return text;
    }
}
