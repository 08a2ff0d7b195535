package de.freiraum.formats;

import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an entity of the parking vocabulary says, by the short names of the Smart Data Models; what is missing or of another form is null. */
public final class ParkingFacts {
    private static final Context PARKING = BuiltInContexts.named("parking");

    private final Entity entity;

    /** What that entity says. */
    public ParkingFacts(Entity entity) {
        this.entity = entity;
    }

    /** The IRI of a name of the parking vocabulary. */
    public static String iri(String name) {
        return PARKING.expand(name);
    }

    /** The entity's URI. */
    public String id() {
        return entity.id();
    }

    /** Whether the entity has that type. */
    public boolean is(String type) {
        return entity.types().contains(iri(type));
    }

    private @Nullable Attribute attribute(String name) {
        return entity.defaultInstance(name.equals("location") ? NgsiLd.LOCATION : iri(name));
    }

    private @Nullable Value value(String name) {
        Attribute attribute = attribute(name);
        if (attribute instanceof Attribute.Property property) {
            return property.value();
        }
        return attribute instanceof Attribute.JsonProperty json ? json.json() : null;
    }

    /** A text. */
    public @Nullable String text(String name) {
        return value(name) instanceof Value.Text text && !text.text().isBlank() ? text.text() : null;
    }

    /** The texts of a list, or the one text that is there. */
    public List<String> texts(String name) {
        Value value = value(name);
        List<Value> items =
                value instanceof Value.Array array ? array.items() : value == null ? List.of() : List.of(value);
        List<String> texts = new ArrayList<>();
        for (Value item : items) {
            if (item instanceof Value.Text text) {
                texts.add(text.text());
            }
        }
        return texts;
    }

    /** A number. */
    public @Nullable Double number(String name) {
        return value(name) instanceof Value.Num number ? number.asDouble() : null;
    }

    /** A number of things. */
    public @Nullable Long count(String name) {
        Double number = number(name);
        return number == null || number < 0 || number > Integer.MAX_VALUE ? null : Math.round(number);
    }

    /** When a value was observed. */
    public @Nullable Instant observedAt(String name) {
        Attribute attribute = attribute(name);
        return attribute == null ? null : attribute.meta().observedAt();
    }

    /** The first entity that a Relationship names. */
    public @Nullable String object(String name) {
        return attribute(name) instanceof Attribute.Relationship link
                        && !link.objects().isEmpty()
                ? link.objects().get(0)
                : null;
    }

    /** Where it is. */
    public @Nullable Geometry location() {
        return attribute("location") instanceof Attribute.GeoProperty place ? place.value() : null;
    }

    /** Street, postcode and place in one line. */
    public @Nullable String address() {
        String street = addressPart("streetAddress");
        String place = join(" ", addressPart("postalCode"), addressPart("addressLocality"));
        return join(", ", street, place);
    }

    private @Nullable String addressPart(String name) {
        if (!(value("address") instanceof Value.Obj address)) {
            return null;
        }
        Value part = address.get(iri(name));
        return (part == null ? address.get(name) : part) instanceof Value.Text text ? text.text() : null;
    }

    private static @Nullable String join(String separator, @Nullable String first, @Nullable String second) {
        return first == null ? second : second == null ? first : first + separator + second;
    }

    /** When the last of some attributes was written; when the entity came if none says so. */
    public Instant lastWritten(List<String> names) {
        Instant last = null;
        for (String name : names) {
            Attribute attribute = attribute(name);
            Instant at = attribute == null ? null : attribute.meta().modifiedAt();
            if (at != null && (last == null || at.isAfter(last))) {
                last = at;
            }
        }
        return last != null ? last : entity.createdAt() == null ? Instant.EPOCH : entity.createdAt();
    }
}
