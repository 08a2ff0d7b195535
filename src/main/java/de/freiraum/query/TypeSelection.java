package de.freiraum.query;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An expression over entity types (clause 4.17), with expanded names. Read by {@link TypeSelectionParser}. */
public sealed interface TypeSelection {

    /** Whether an entity of these types is selected. */
    boolean matches(List<String> types);

    /**
     * The type IRIs of which every selected entity has at least one, or null if there is no such set. What a store looks up in its type
     * index before it calls {@link #matches}.
     */
    @Nullable
    Set<String> oneOf();

    /** Every entity, whatever its types ({@code *}). */
    record Any() implements TypeSelection {
        @Override
        public boolean matches(List<String> types) {
            return true;
        }

        @Override
        public @Nullable Set<String> oneOf() {
            return null;
        }
    }

    /** Every entity that has none of several types. Also hides what a reader must not see. */
    record NoneOf(Set<String> iris) implements TypeSelection {
        /** Copies the set. */
        public NoneOf {
            iris = Set.copyOf(iris);
        }

        @Override
        public boolean matches(List<String> types) {
            for (int i = 0; i < types.size(); i++) {
                if (iris.contains(types.get(i))) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public @Nullable Set<String> oneOf() {
            return null;
        }
    }

    /** Every entity of which all types are among several. Also hides what a reader must not see. */
    record Only(Set<String> iris) implements TypeSelection {
        /** Copies the set. */
        public Only {
            iris = Set.copyOf(iris);
        }

        @Override
        public boolean matches(List<String> types) {
            return iris.containsAll(types);
        }

        @Override
        public Set<String> oneOf() {
            return iris;
        }
    }

    /** One type, by IRI. */
    record Type(String iri) implements TypeSelection {
        @Override
        public boolean matches(List<String> types) {
            return types.contains(iri);
        }

        @Override
        public Set<String> oneOf() {
            return Set.of(iri);
        }
    }

    /** All of several. */
    record And(List<TypeSelection> all) implements TypeSelection {
        /** Copies the list. */
        public And {
            all = List.copyOf(all);
        }

        @Override
        public boolean matches(List<String> types) {
            for (int i = 0; i < all.size(); i++) {
                if (!all.get(i).matches(types)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public @Nullable Set<String> oneOf() {
            Set<String> fewest = null;
            for (TypeSelection part : all) {
                Set<String> candidates = part.oneOf();
                if (candidates != null && (fewest == null || candidates.size() < fewest.size())) {
                    fewest = candidates;
                }
            }
            return fewest;
        }
    }

    /** One of several. */
    record Or(List<TypeSelection> any) implements TypeSelection {
        /** Copies the list. */
        public Or {
            any = List.copyOf(any);
        }

        @Override
        public boolean matches(List<String> types) {
            for (int i = 0; i < any.size(); i++) {
                if (any.get(i).matches(types)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public @Nullable Set<String> oneOf() {
            Set<String> union = new TreeSet<>();
            for (TypeSelection part : any) {
                Set<String> candidates = part.oneOf();
                if (candidates == null) {
                    return null;
                }
                union.addAll(candidates);
            }
            return union;
        }
    }
}
