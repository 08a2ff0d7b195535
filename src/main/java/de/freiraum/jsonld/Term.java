package de.freiraum.jsonld;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a context says about a term (JSON-LD 1.1, 9.15.1).
 *
 * @param iri the IRI or keyword it stands for; null: the context takes the meaning away
 * @param type how its values are coerced: {@code @id}, {@code @vocab}, {@code @json}, {@code @none} or a datatype's IRI; null: not at all
 * @param container its containers, such as {@code @list}; mostly empty
 * @param reverse whether it names the reverse direction
 * @param prefix whether compact IRIs may begin with it
 * @param isProtected whether later contexts may not change it
 */
public record Term(
        @Nullable String iri,
        @Nullable String type,
        Set<String> container,
        boolean reverse,
        boolean prefix,
        boolean isProtected) {

    /** Copies the set. */
    public Term {
        container = Set.copyOf(container);
    }

    /** Whether values are written under it as they are, so that it serves to compact any attribute's name. */
    boolean isPlain() {
        return type == null && !container.contains("@list") && !container.contains("@language") && !reverse;
    }

    /** Whether both mean the same, protection aside. */
    boolean sameAs(Term other) {
        return equals(new Term(other.iri, other.type, other.container, other.reverse, other.prefix, isProtected));
    }
}
