package de.freiraum.query;

import de.freiraum.model.NgsiLdException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Reads the scope query language of clause 4.19: {@code /Madrid/+/ParqueNorte}, {@code (/Madrid/#;/CompanyA),/CompanyB}. {@code ;} binds
 * closer than {@code |} and {@code ,}, also without parentheses; the slash at the start of a scope may be left out. The whole may stand
 * in quotation marks, as in annex C.5.15.
 */
public final class ScopeQueryParser {
    private static final int MAX_LENGTH = 4096;
    private static final int MAX_DEPTH = 16;

    private final TextCursor in;

    private ScopeQueryParser(String text) {
        this.in = new TextCursor("scopeQ", text, UnaryOperator.identity(), MAX_LENGTH);
    }

    /**
     * Parses a scope query.
     *
     * @throws NgsiLdException BadRequestData naming the position, or TooComplexQuery
     */
    public static ScopeQuery parse(String text) {
        ScopeQueryParser parser = new ScopeQueryParser(text);
        boolean quoted = parser.in.take('"');
        ScopeQuery query = parser.or(0);
        if (quoted) {
            parser.in.require('"');
        }
        if (!parser.in.atEnd()) {
            throw parser.in.expected("an operator or the end");
        }
        return query;
    }

    private ScopeQuery or(int depth) {
        List<ScopeQuery> parts = new ArrayList<>();
        do {
            parts.add(and(depth));
        } while (in.take('|') || in.take(','));
        return parts.size() == 1 ? parts.get(0) : new ScopeQuery.Or(parts);
    }

    private ScopeQuery and(int depth) {
        List<ScopeQuery> parts = new ArrayList<>();
        do {
            parts.add(element(depth));
        } while (in.take(';'));
        return parts.size() == 1 ? parts.get(0) : new ScopeQuery.And(parts);
    }

    private ScopeQuery element(int depth) {
        if (depth > MAX_DEPTH) {
            throw in.tooComplex("parentheses are nested at most " + MAX_DEPTH + " deep");
        }
        if (in.take('(')) {
            ScopeQuery inner = or(depth + 1);
            in.require(')');
            return inner;
        }
        List<String> levels = new ArrayList<>();
        in.take('/');
        while (true) {
            if (in.peek() == '#') {
                in.advance(1);
                return new ScopeQuery.Match(levels, true);
            }
            levels.add(level());
            if (!in.take('/')) {
                return new ScopeQuery.Match(levels, false);
            }
        }
    }

    private String level() {
        // in a URL a plus sign that is not percent-encoded arrives as a blank
        if (in.take('+') || in.take(' ')) {
            return "+";
        }
        int start = in.position();
        int end = in.nameEnd(start);
        if (end == start) {
            throw in.expected("a scope level, \"+\" or \"#\"");
        }
        in.position(end);
        return in.text().substring(start, end);
    }
}
