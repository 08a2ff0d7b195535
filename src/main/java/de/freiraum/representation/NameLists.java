package de.freiraum.representation;

import java.util.Set;
import java.util.function.UnaryOperator;

/** Expands and compacts names inside small languages, leaving their operators as they are. */
final class NameLists {
    /** Members of an entity that are no attributes; names of the projection language that stay as they are. */
    static final Set<String> ENTITY_MEMBERS = Set.of("id", "type", "scope");

    private NameLists() {}

    /** Type selection (clause 4.17). */
    static String types(String text, UnaryOperator<String> change) {
        return text.strip().equals("*") ? "*" : each(text, "|,;()!", change);
    }

    /** Projection (clause 4.21): names, lists of them, and lists in braces behind a Relationship. */
    static String projection(String text, UnaryOperator<String> change) {
        return each(text, "|,{}", name -> ENTITY_MEMBERS.contains(name) ? name : change.apply(name));
    }

    /** Names with commas between. */
    static String list(String text, UnaryOperator<String> change) {
        return each(text, ",", change);
    }

    private static String each(String text, String operators, UnaryOperator<String> change) {
        StringBuilder out = new StringBuilder(text.length() + 32);
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || operators.indexOf(text.charAt(i)) >= 0) {
                String name = text.substring(start, i).strip();
                if (!name.isEmpty()) {
                    out.append(change.apply(name));
                }
                if (i < text.length()) {
                    out.append(text.charAt(i));
                }
                start = i + 1;
            }
        }
        return out.toString();
    }
}
