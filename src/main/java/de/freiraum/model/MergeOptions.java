package de.freiraum.model;

import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a merge request says beside its fragment (clause 5.6.17).
 *
 * @param simplified whether the fragment is in simplified representation, so that kinds of existing attributes are kept
 * @param lang language tag that a plain string in a simplified fragment is in, or null
 * @param observedAt time that attributes get which had an observedAt and are not given one, or null
 * @param expand expands a vocabulary term of a simplified fragment to its IRI
 */
public record MergeOptions(
        boolean simplified, @Nullable String lang, @Nullable Instant observedAt, UnaryOperator<String> expand) {
    /** A plain merge of a normalized or concise fragment. */
    public static final MergeOptions NONE = new MergeOptions(false, null, null, UnaryOperator.identity());
}
