package de.freiraum.query;

import java.util.List;

/** An expression over entity types (clause 4.17). */
public sealed interface TypeSelection {

    /** Whether an entity of these types is selected. */
    boolean matches(List<String> types);

    /** One type, by IRI. */
    record Type(String iri) implements TypeSelection {
        @Override
        public boolean matches(List<String> types) {
            return types.contains(iri);
        }
    }

    /** All of several. */
    record And(List<TypeSelection> all) implements TypeSelection {
        @Override
        public boolean matches(List<String> types) {
            return all.stream().allMatch(t -> t.matches(types));
        }
    }

    /** One of several. */
    record Or(List<TypeSelection> any) implements TypeSelection {
        @Override
        public boolean matches(List<String> types) {
            return any.stream().anyMatch(t -> t.matches(types));
        }
    }
}
