package de.freiraum.query;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where in an entity a condition looks (clause 4.9, {@code ValuePath}): an attribute, sub-attributes or metadata of it, and members inside a
 * compound value.
 *
 * @param steps the attribute and what follows it after dots; at least one
 * @param trail what stands in square brackets: member names, or one language tag or {@code *}; may be empty
 */
public record AttributePath(List<Step> steps, List<Member> trail) {

    /** Copies the lists. */
    public AttributePath {
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a path has at least one step");
        }
        steps = List.copyOf(steps);
        trail = List.copyOf(trail);
    }

    /** The path of one attribute. */
    public static AttributePath of(String attributeIri) {
        return new AttributePath(List.of(new Name(attributeIri)), List.of());
    }

    /** One part of a dotted path. */
    public sealed interface Step {}

    /** An attribute or sub-attribute, by IRI. */
    public record Name(String iri) implements Step {}

    /** Metadata of an attribute, or a member of the entity itself. */
    public enum Builtin implements Step {
        ID,
        TYPE,
        SCOPE,
        OBSERVED_AT,
        CREATED_AT,
        MODIFIED_AT,
        DELETED_AT,
        EXPIRES_AT,
        UNIT_CODE,
        DATASET_ID,
        INSTANCE_ID,
        OBJECT_TYPE,
        VALUE_TYPE;

        private static final Map<String, Builtin> OF_ENTITY = Map.of(
                "id",
                ID,
                "type",
                TYPE,
                "scope",
                SCOPE,
                "createdAt",
                CREATED_AT,
                "modifiedAt",
                MODIFIED_AT,
                "deletedAt",
                DELETED_AT,
                "expiresAt",
                EXPIRES_AT);

        private static final Map<String, Builtin> OF_ATTRIBUTE = Map.of(
                "observedAt",
                OBSERVED_AT,
                "createdAt",
                CREATED_AT,
                "modifiedAt",
                MODIFIED_AT,
                "deletedAt",
                DELETED_AT,
                "expiresAt",
                EXPIRES_AT,
                "unitCode",
                UNIT_CODE,
                "datasetId",
                DATASET_ID,
                "instanceId",
                INSTANCE_ID,
                "objectType",
                OBJECT_TYPE,
                "valueType",
                VALUE_TYPE);

        private final String term;

        Builtin() {
            StringBuilder camel = new StringBuilder();
            for (String word : name().toLowerCase(Locale.ROOT).split("_")) {
                camel.append(camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
            }
            this.term = camel.toString();
        }

        /** The name in queries, such as {@code observedAt}. */
        public String term() {
            return term;
        }

        static @Nullable Builtin of(String term, boolean ofEntity) {
            return (ofEntity ? OF_ENTITY : OF_ATTRIBUTE).get(term);
        }
    }

    /**
     * A member name inside a value.
     *
     * @param term as written; counts in JSON literals, GeoJSON and language maps
     * @param iri expanded; counts in values that JSON-LD expands
     */
    public record Member(String term, String iri) {}

    /** The IRI of the attribute that the path starts with, or null if it starts with a member of the entity. */
    public @Nullable String attribute() {
        return steps.get(0) instanceof Name name ? name.iri() : null;
    }

    /** The IRI of the attribute when the path is only that, otherwise null. */
    public @Nullable String simpleAttribute() {
        return steps.size() == 1 && trail.isEmpty() ? attribute() : null;
    }

    /**
     * The path as it is written in a query, its IRIs turned into terms by {@code compact}. IRIs that stay IRIs are written in angle
     * brackets where they could be misread, also behind a member's term where that does not stand for the member's IRI; {@link QParser} reads both back.
     */
    public String print(UnaryOperator<String> compact) {
        return print(compact, false);
    }

    String print(UnaryOperator<String> compact, boolean inBraces) {
        StringBuilder out = new StringBuilder();
        for (Step step : steps) {
            out.append(out.isEmpty() ? "" : ".");
            out.append(
                    step instanceof Name name
                            ? Names.print(compact.apply(name.iri()), inBraces, !inBraces && steps.size() == 1)
                            : ((Builtin) step).term());
        }
        for (int i = 0; i < trail.size(); i++) {
            Member member = trail.get(i);
            out.append(i == 0 ? '[' : '.').append(member.term());
            if (!compact.apply(member.iri()).equals(member.term())) {
                out.append('<').append(member.iri()).append('>');
            }
        }
        return trail.isEmpty() ? out.toString() : out.append(']').toString();
    }

    /** Receives what a path leads to; returns true to look no further. */
    interface Visitor {
        /** An attribute instance. */
        boolean attribute(Attribute instance);

        /** A string, such as an id or a unit code. */
        boolean text(String text);

        /** Strings that count as one array, such as the types. */
        boolean texts(List<String> texts);

        /** A point in time. */
        boolean time(Instant time);
    }

    /** Visits everything that the steps lead to, instance by instance; the trail is the visitor's to follow. */
    boolean visit(Entity entity, Visitor visitor) {
        Step first = steps.get(0);
        if (first instanceof Name name) {
            List<Attribute> instances = entity.attributes().get(name.iri());
            return instances != null && visit(instances, 1, visitor);
        }
        return switch ((Builtin) first) {
            case ID -> visitor.text(entity.id());
            case TYPE -> visitor.texts(entity.types());
            case SCOPE -> !entity.scopes().isEmpty() && visitor.texts(entity.scopes());
            case CREATED_AT -> time(entity.createdAt(), visitor);
            case MODIFIED_AT -> time(entity.modifiedAt(), visitor);
            case EXPIRES_AT -> time(entity.expiresAt(), visitor);
            default -> false;
        };
    }

    private boolean visit(List<Attribute> instances, int depth, Visitor visitor) {
        for (int i = 0; i < instances.size(); i++) {
            Attribute instance = instances.get(i);
            if (depth == steps.size() ? visitor.attribute(instance) : below(instance.meta(), depth, visitor)) {
                return true;
            }
        }
        return false;
    }

    private boolean below(AttributeMeta meta, int depth, Visitor visitor) {
        if (steps.get(depth) instanceof Name name) {
            List<Attribute> instances = meta.attributes().get(name.iri());
            return instances != null && visit(instances, depth + 1, visitor);
        }
        return switch ((Builtin) steps.get(depth)) {
            case OBSERVED_AT -> time(meta.observedAt(), visitor);
            case CREATED_AT -> time(meta.createdAt(), visitor);
            case MODIFIED_AT -> time(meta.modifiedAt(), visitor);
            case DELETED_AT -> time(meta.deletedAt(), visitor);
            case EXPIRES_AT -> time(meta.expiresAt(), visitor);
            case UNIT_CODE -> text(meta.unitCode(), visitor);
            case DATASET_ID -> text(meta.datasetId(), visitor);
            case INSTANCE_ID -> text(meta.instanceId(), visitor);
            case VALUE_TYPE -> text(meta.valueType(), visitor);
            case OBJECT_TYPE -> !meta.objectTypes().isEmpty() && visitor.texts(meta.objectTypes());
            default -> false;
        };
    }

    private static boolean time(@Nullable Instant time, Visitor visitor) {
        return time != null && visitor.time(time);
    }

    private static boolean text(@Nullable String text, Visitor visitor) {
        return text != null && visitor.text(text);
    }
}
