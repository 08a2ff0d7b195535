package de.freiraum.query;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Reads the type selection language of clause 4.17: {@code Home|Vehicle}, {@code (Home;Vehicle),Motorhome}. Beyond the clause, {@code !Home}
 * means entities that do not have the type.
 */
public final class TypeSelectionParser {
    private static final int MAX_LENGTH = 8192;
    private static final int MAX_DEPTH = 16;
    private static final String DELIMITERS = ",|;()";

    private final String text;
    private final UnaryOperator<String> expand;
    private int position;

    private TypeSelectionParser(String text, UnaryOperator<String> expand) {
        this.text = text;
        this.expand = expand;
    }

    /**
     * Parses a type selection. {@code ;} binds closer than {@code |} and {@code ,}, also without parentheses.
     *
     * @param text short names, compact IRIs or IRIs and operators, or {@code *}
     * @param expand gives the IRI of a type name
     * @throws NgsiLdException BadRequestData naming the position, or TooComplexQuery
     */
    public static TypeSelection parse(String text, UnaryOperator<String> expand) {
        if (text.length() > MAX_LENGTH) {
            throw new NgsiLdException(
                    ErrorType.TooComplexQuery, "type: a selection has at most " + MAX_LENGTH + " characters");
        }
        if (text.strip().equals("*")) {
            return new TypeSelection.Any();
        }
        TypeSelectionParser parser = new TypeSelectionParser(text, expand);
        TypeSelection selection = parser.or(0);
        if (parser.position < text.length()) {
            throw parser.expected("an operator");
        }
        return selection;
    }

    private TypeSelection or(int depth) {
        List<TypeSelection> parts = new ArrayList<>();
        do {
            parts.add(and(depth));
        } while (take('|') || take(','));
        return parts.size() == 1 ? parts.get(0) : new TypeSelection.Or(parts);
    }

    private TypeSelection and(int depth) {
        List<TypeSelection> parts = new ArrayList<>();
        do {
            parts.add(element(depth));
        } while (take(';'));
        return parts.size() == 1 ? parts.get(0) : new TypeSelection.And(parts);
    }

    private TypeSelection element(int depth) {
        if (depth > MAX_DEPTH) {
            throw new NgsiLdException(
                    ErrorType.TooComplexQuery, "type: parentheses are nested at most " + MAX_DEPTH + " deep");
        }
        if (take('(')) {
            TypeSelection inner = or(depth + 1);
            if (!take(')')) {
                throw expected("\")\"");
            }
            return inner;
        }
        if (take('!')) {
            return new TypeSelection.NoneOf(Set.of(type()));
        }
        return new TypeSelection.Type(type());
    }

    private String type() {
        int start = position;
        while (position < text.length() && DELIMITERS.indexOf(text.charAt(position)) < 0) {
            position++;
        }
        String name = text.substring(start, position).strip();
        if (name.isEmpty() || !Names.isTypeName(name)) {
            position = start;
            throw expected("an entity type name or URI");
        }
        return expand.apply(name);
    }

    private boolean take(char c) {
        if (position < text.length() && text.charAt(position) == c) {
            position++;
            return true;
        }
        return false;
    }

    private NgsiLdException expected(String what) {
        return NgsiLdException.badRequest("type: expected " + what + " at position " + position);
    }
}
