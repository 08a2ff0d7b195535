package de.freiraum.query;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A condition of the query language (clause 4.9), with expanded names. Read by {@link QParser}; immutable, safe for any thread. */
public sealed interface QExpression {

    /**
     * Whether the entity meets the condition. Never throws.
     *
     * @param linked where entities behind Relationships are found
     */
    boolean matches(Entity entity, LinkedEntities linked);

    /** The conditions that must all hold for this one to hold: the parts of nested {@link And}s, otherwise itself. */
    default List<QExpression> conjuncts() {
        return List.of(this);
    }

    /** The condition in the query language, its IRIs turned into names by {@code compact}. */
    String print(UnaryOperator<String> compact);

    /** The IRIs of all attributes that a path here starts with; members of the entity itself ({@code createdAt}, …) do not count. */
    default Set<String> attributes() {
        Set<String> found = new LinkedHashSet<>();
        for (Target target : targets()) {
            String attribute = target.attribute();
            if (attribute != null) {
                found.add(attribute);
            }
        }
        return found;
    }

    /** How many Relationships the longest path follows; 0 if none. */
    default int linkedDepth() {
        int depth = 0;
        for (Target target : targets()) {
            depth = Math.max(depth, target.hops().size());
        }
        return depth;
    }

    /** What the conditions look at, in the order of the text. */
    List<Target> targets();

    /** The same condition for somebody for whom linked entities that have one of these types do not exist. */
    QExpression hiding(Set<String> typeIris);

    /** All of several. */
    record And(List<QExpression> all) implements QExpression {
        /** Copies the list. */
        public And {
            all = List.copyOf(all);
        }

        @Override
        public boolean matches(Entity entity, LinkedEntities linked) {
            for (int i = 0; i < all.size(); i++) {
                if (!all.get(i).matches(entity, linked)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public List<QExpression> conjuncts() {
            List<QExpression> parts = new ArrayList<>();
            all.forEach(part -> parts.addAll(part.conjuncts()));
            return parts;
        }

        @Override
        public List<Target> targets() {
            return all.stream().flatMap(part -> part.targets().stream()).toList();
        }

        @Override
        public QExpression hiding(Set<String> typeIris) {
            return new And(all.stream().map(part -> part.hiding(typeIris)).toList());
        }

        @Override
        public String print(UnaryOperator<String> compact) {
            return join(all, ";", compact, true);
        }
    }

    /** One of several. */
    record Or(List<QExpression> any) implements QExpression {
        /** Copies the list. */
        public Or {
            any = List.copyOf(any);
        }

        @Override
        public boolean matches(Entity entity, LinkedEntities linked) {
            for (int i = 0; i < any.size(); i++) {
                if (any.get(i).matches(entity, linked)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public List<Target> targets() {
            return any.stream().flatMap(part -> part.targets().stream()).toList();
        }

        @Override
        public QExpression hiding(Set<String> typeIris) {
            return new Or(any.stream().map(part -> part.hiding(typeIris)).toList());
        }

        @Override
        public String print(UnaryOperator<String> compact) {
            return join(any, "|", compact, false);
        }
    }

    /** The entity has the target, whatever its value. */
    record Exists(Target target) implements QExpression {
        @Override
        public boolean matches(Entity entity, LinkedEntities linked) {
            return new QEvaluator(null).meets(target, entity, linked);
        }

        @Override
        public List<Target> targets() {
            return List.of(target);
        }

        @Override
        public QExpression hiding(Set<String> typeIris) {
            return new Exists(target.hiding(typeIris));
        }

        @Override
        public String print(UnaryOperator<String> compact) {
            return target.print(compact);
        }
    }

    /** The entity lacks the target, written {@code !target}: no part of the grammar, but understood by brokers and by the conformance tests. */
    record Absent(Target target) implements QExpression {
        @Override
        public boolean matches(Entity entity, LinkedEntities linked) {
            return !new QEvaluator(null).meets(target, entity, linked);
        }

        @Override
        public List<Target> targets() {
            return List.of(target);
        }

        @Override
        public QExpression hiding(Set<String> typeIris) {
            return new Absent(target.hiding(typeIris));
        }

        @Override
        public String print(UnaryOperator<String> compact) {
            return "!" + target.print(compact);
        }
    }

    /** The target's value compared. Of several instances one must meet the comparison. */
    record Compare(Target target, Operator operator, Operand operand) implements QExpression {
        @Override
        public boolean matches(Entity entity, LinkedEntities linked) {
            return new QEvaluator(this).meets(target, entity, linked);
        }

        @Override
        public List<Target> targets() {
            return List.of(target);
        }

        @Override
        public QExpression hiding(Set<String> typeIris) {
            return new Compare(target.hiding(typeIris), operator, operand);
        }

        @Override
        public String print(UnaryOperator<String> compact) {
            return target.print(compact) + operator.symbol() + operand.print();
        }
    }

    /** Clause 4.9. */
    enum Operator {
        EQUAL("=="),
        UNEQUAL("!="),
        GREATER_OR_EQUAL(">="),
        GREATER(">"),
        LESS_OR_EQUAL("<="),
        LESS("<"),
        MATCHES("~="),
        NOT_MATCHES("!~=");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        /** As written in a query. */
        public String symbol() {
            return symbol;
        }
    }

    /** The right side of a comparison. */
    sealed interface Operand {
        /** As written in a query. */
        String print();

        /** One value. */
        record Single(Literal literal) implements Operand {
            @Override
            public String print() {
                return QPrinter.print(literal);
            }
        }

        /** Several values, one of which is meant; with {@link Operator#EQUAL} and {@link Operator#UNEQUAL} only. */
        record OneOf(List<Literal> literals) implements Operand {
            /** Copies the list. */
            public OneOf {
                literals = List.copyOf(literals);
            }

            @Override
            public String print() {
                StringBuilder out = new StringBuilder();
                for (Literal literal : literals) {
                    out.append(out.isEmpty() ? "" : ",").append(QPrinter.print(literal));
                }
                return out.toString();
            }
        }

        /** All values between two, both included; with {@link Operator#EQUAL} and {@link Operator#UNEQUAL} only. */
        record Range(Literal least, Literal greatest) implements Operand {
            @Override
            public String print() {
                return QPrinter.print(least) + ".." + QPrinter.print(greatest);
            }
        }

        /** Texts in which a pattern is found; with {@link Operator#MATCHES} and {@link Operator#NOT_MATCHES} only. */
        record Matching(TextPattern pattern) implements Operand {
            @Override
            public String print() {
                return QPrinter.quotePattern(pattern.source());
            }
        }
    }

    /**
     * What a condition looks at.
     *
     * @param hops Relationships to follow first, written with braces; usually none
     * @param path where to look in the entity then reached
     */
    record Target(List<Hop> hops, AttributePath path) {
        /** Copies the list. */
        public Target {
            hops = List.copyOf(hops);
        }

        /** A path in the entity itself. */
        public static Target of(AttributePath path) {
            return new Target(List.of(), path);
        }

        /** The IRI of the attribute that the entity itself must have, or null if the target is a member of the entity. */
        public @Nullable String attribute() {
            return hops.isEmpty() ? path.attribute() : hops.get(0).relationship();
        }

        Target hiding(Set<String> typeIris) {
            return new Target(
                    hops.stream()
                            .map(hop -> new Hop(hop.relationship(), hop.types(), typeIris))
                            .toList(),
                    path);
        }

        /** As written in a query. */
        public String print(UnaryOperator<String> compact) {
            StringBuilder out = new StringBuilder();
            for (Hop hop : hops) {
                boolean inner = !out.isEmpty();
                out.append(Names.print(compact.apply(hop.relationship()), inner, !inner))
                        .append('{');
                String separator = "";
                for (String type : hop.types()) {
                    out.append(separator).append(Names.print(compact.apply(type), true, false));
                    separator = ",";
                }
                out.append(hop.types().isEmpty() ? "" : ":");
            }
            return out.append(path.print(compact, !hops.isEmpty()))
                    .append("}".repeat(hops.size()))
                    .toString();
        }
    }

    /**
     * A step to linked entities.
     *
     * @param relationship IRI of the Relationship or ListRelationship
     * @param types IRIs of types, one of which the linked entity must have; empty: any
     * @param hidden IRIs of types, none of which it may have; not part of the text
     */
    record Hop(String relationship, List<String> types, Set<String> hidden) {
        /** Copies the collections. */
        public Hop {
            types = List.copyOf(types);
            hidden = Set.copyOf(hidden);
        }

        /** Whether the step leads to an entity of these types. */
        boolean leadsTo(List<String> entityTypes) {
            return Collections.disjoint(hidden, entityTypes)
                    && (types.isEmpty() || !Collections.disjoint(types, entityTypes));
        }

        /** The URIs that an instance of the Relationship points to. */
        public static List<String> objects(Attribute instance) {
            if (instance instanceof Attribute.Relationship r) {
                return r.objects();
            }
            return instance instanceof Attribute.ListRelationship l ? l.objectList() : List.of();
        }
    }

    private static String join(
            List<QExpression> parts, String separator, UnaryOperator<String> compact, boolean bracketsBoth) {
        StringBuilder out = new StringBuilder();
        for (QExpression part : parts) {
            out.append(out.isEmpty() ? "" : separator);
            boolean brackets = part instanceof Or || (bracketsBoth && part instanceof And);
            out.append(brackets ? "(" : "").append(part.print(compact)).append(brackets ? ")" : "");
        }
        return out.toString();
    }
}
