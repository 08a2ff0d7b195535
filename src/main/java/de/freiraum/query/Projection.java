package de.freiraum.query;

import de.freiraum.model.NgsiLdException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which members of entities an answer shows (clause 4.21): {@code pick}, {@code omit} and the older {@code attrs}. Members are
 * {@code id}, {@code type}, {@code scope}, or attributes by IRI.
 *
 * @param pick what to keep, or null: everything
 * @param omit what to leave out
 * @param hidden attribute IRIs that are never shown, whatever is asked for, neither of the entity nor of those it is linked to
 */
public record Projection(@Nullable Tree pick, Tree omit, Set<String> hidden) {
    private static final int MAX_LENGTH = 8192;
    private static final int MAX_DEPTH = 8;

    /** Names that are members of the entity and never expanded. */
    private static final Set<String> ENTITY_MEMBERS =
            Set.of("id", "type", "scope", "createdAt", "modifiedAt", "deletedAt", "expiresAt");

    /** Shows everything. */
    public static final Projection ALL = new Projection(null, Tree.EMPTY);

    /** Copies the set. */
    public Projection {
        hidden = Set.copyOf(hidden);
    }

    /** One that hides nothing. */
    public Projection(@Nullable Tree pick, Tree omit) {
        this(pick, omit, Set.of());
    }

    /** The same for somebody who must not see these attributes. */
    public Projection hiding(Set<String> attributeIris) {
        return attributeIris.isEmpty() ? this : new Projection(pick, omit, attributeIris);
    }

    /**
     * Names, each with names below it where linked entities are projected.
     *
     * @param members what is below each name; an empty tree where nothing is said of the linked entity
     */
    public record Tree(Map<String, Tree> members) {
        static final Tree EMPTY = new Tree(Map.of());

        /** Copies the map, keeping its order. */
        public Tree {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        int depth() {
            int below = 0;
            for (Tree tree : members.values()) {
                below = Math.max(below, tree.members.isEmpty() ? 0 : 1 + tree.depth());
            }
            return below;
        }
    }

    /**
     * Parses {@code pick} and {@code omit}, of which each may be absent. The elements of a list in a body are joined with commas first.
     *
     * @param expand gives the IRI of a name
     * @throws NgsiLdException BadRequestData naming parameter and position, or TooComplexQuery
     */
    public static Projection parse(@Nullable String pick, @Nullable String omit, UnaryOperator<String> expand) {
        return new Projection(
                pick == null ? null : tree("pick", pick, expand),
                omit == null ? Tree.EMPTY : tree("omit", omit, expand));
    }

    /** What the deprecated parameter {@code attrs} shows: the members that are no attributes, and these attributes. */
    public static Projection ofAttributes(Collection<String> attributeIris) {
        Map<String, Tree> members = new LinkedHashMap<>();
        ENTITY_MEMBERS.forEach(member -> members.put(member, Tree.EMPTY));
        attributeIris.forEach(iri -> members.put(iri, Tree.EMPTY));
        return new Projection(new Tree(members), Tree.EMPTY);
    }

    /** Whether a member of the entity is shown: {@code id}, {@code type}, {@code scope} or an attribute's IRI. */
    public boolean keeps(String member) {
        if ((pick != null && !pick.members().containsKey(member)) || hidden.contains(member)) {
            return false;
        }
        Tree omitted = omit.members().get(member);
        return omitted == null || !omitted.members().isEmpty();
    }

    /** Whether a member is shown that is reached through Relationships: their IRIs first, the member last. */
    public boolean keeps(List<String> path) {
        Projection projection = this;
        for (int i = 0; i < path.size(); i++) {
            if (!projection.keeps(path.get(i))) {
                return false;
            }
            projection = projection.linked(path.get(i));
        }
        return true;
    }

    /** What is shown of the entities that a Relationship points to: everything unless something is said of them. */
    public Projection linked(String relationshipIri) {
        Tree picked = pick == null ? null : pick.members().get(relationshipIri);
        Tree omitted = omit.members().get(relationshipIri);
        if ((picked == null || picked.members().isEmpty())
                && (omitted == null || omitted.members().isEmpty())) {
            return ALL.hiding(hidden);
        }
        return new Projection(
                picked == null || picked.members().isEmpty() ? null : picked,
                omitted == null ? Tree.EMPTY : omitted,
                hidden);
    }

    /** Whether everything is shown. */
    public boolean isAll() {
        return pick == null && omit.members().isEmpty() && hidden.isEmpty();
    }

    /** How many Relationships the longest path follows; 0 if none. */
    public int linkedDepth() {
        return Math.max(pick == null ? 0 : pick.depth(), omit.depth());
    }

    /** IRIs of the attributes picked; empty if none is, or everything. */
    public Set<String> pickedAttributes() {
        if (pick == null) {
            return Set.of();
        }
        Set<String> attributes = new java.util.LinkedHashSet<>(pick.members().keySet());
        attributes.removeAll(ENTITY_MEMBERS);
        return attributes;
    }

    private static Tree tree(String parameter, String text, UnaryOperator<String> expand) {
        TextCursor in = new TextCursor(parameter, text, expand, MAX_LENGTH);
        Tree tree = terms(in, 0);
        if (!in.atEnd()) {
            throw in.expected("\",\" or the end");
        }
        return tree;
    }

    private static Tree terms(TextCursor in, int depth) {
        if (depth > MAX_DEPTH) {
            throw in.tooComplex("braces are nested at most " + MAX_DEPTH + " deep");
        }
        Map<String, Tree> members = new LinkedHashMap<>();
        do {
            in.skipBlanks();
            String name = in.name();
            String member = ENTITY_MEMBERS.contains(name) ? name : in.expand(name);
            Tree below = Tree.EMPTY;
            if (in.take('{')) {
                below = terms(in, depth + 1);
                in.require('}');
            }
            members.merge(member, below, Projection::union);
            in.skipBlanks();
        } while (in.take(',') || in.take('|'));
        return new Tree(members);
    }

    /** A name given twice, such as {@code a{b},a{c}}, means both. */
    private static Tree union(Tree a, Tree b) {
        Map<String, Tree> members = new LinkedHashMap<>(a.members());
        b.members().forEach((name, tree) -> members.merge(name, tree, Projection::union));
        return new Tree(members);
    }

    /** The projection as {@code pick} or {@code omit} is written, its IRIs turned into names by {@code compact}. */
    public static String print(Tree tree, UnaryOperator<String> compact) {
        List<String> parts = new ArrayList<>();
        tree.members().forEach((name, below) -> {
            String term = ENTITY_MEMBERS.contains(name) ? name : compact.apply(name);
            parts.add(below.members().isEmpty() ? term : term + "{" + print(below, compact) + "}");
        });
        return String.join(",", parts);
    }
}
