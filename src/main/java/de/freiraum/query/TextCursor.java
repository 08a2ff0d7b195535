package de.freiraum.query;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A position in the text of a parameter, and what several languages read alike: delimiters, names, attribute paths. */
final class TextCursor {
    private static final int MAX_STEPS = 16;

    private final String parameter;
    private final String text;
    private final UnaryOperator<String> expand;
    private int position;

    /** Starts at the beginning; refuses a text longer than {@code maxLength}. */
    TextCursor(String parameter, String text, UnaryOperator<String> expand, int maxLength) {
        if (text.length() > maxLength) {
            throw new NgsiLdException(
                    ErrorType.TooComplexQuery,
                    parameter + ": at most " + maxLength + " characters are allowed, not " + text.length());
        }
        this.parameter = parameter;
        this.text = text;
        this.expand = expand;
    }

    int position() {
        return position;
    }

    void position(int position) {
        this.position = position;
    }

    String text() {
        return text;
    }

    boolean atEnd() {
        return position >= text.length();
    }

    /** The character here, or NUL at the end. */
    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        return position + ahead < text.length() ? text.charAt(position + ahead) : '\0';
    }

    void advance(int characters) {
        position += characters;
    }

    void skipBlanks() {
        while (peek() == ' ' || peek() == '\t') {
            position++;
        }
    }

    boolean take(char c) {
        if (peek() == c && !atEnd()) {
            position++;
            return true;
        }
        return false;
    }

    boolean take(String symbol) {
        if (text.startsWith(symbol, position)) {
            position += symbol.length();
            return true;
        }
        return false;
    }

    void require(char c) {
        if (!take(c)) {
            throw expected("\"" + c + "\"");
        }
    }

    /** The error that something else was expected here. */
    NgsiLdException expected(String what) {
        return NgsiLdException.badRequest(parameter + ": expected " + what + " at position " + position);
    }

    NgsiLdException tooComplex(String limit) {
        return new NgsiLdException(ErrorType.TooComplexQuery, parameter + ": " + limit);
    }

    String expand(String term) {
        return expand.apply(term);
    }

    /** A name, {@code prefix:name}, an IRI in angle brackets, or an absolute IRI up to the next delimiter; not expanded. */
    String name() {
        if (peek() == '<') {
            return bracketed();
        }
        int start = position;
        int end = nameEnd(start);
        if (end > start && peekAt(end) == ':') {
            if (text.startsWith("//", end + 1) || text.startsWith("urn:", start)) {
                end = iriEnd(end);
            } else {
                int local = nameEnd(end + 1);
                end = local > end + 1 ? local : end;
            }
        }
        if (end == start) {
            throw expected("an attribute name");
        }
        position = end;
        return text.substring(start, end);
    }

    /** What stands in angle brackets here. */
    String bracketed() {
        int start = position + 1;
        int end = start;
        while (end < text.length() && text.charAt(end) > ' ' && "<>\"".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        if (end == start || peekAt(end) != '>') {
            position = end;
            throw expected(end == start ? "an IRI" : "\">\" after an IRI");
        }
        position = end + 1;
        return text.substring(start, end);
    }

    private char peekAt(int index) {
        return index < text.length() ? text.charAt(index) : '\0';
    }

    /** Where the plain name that starts here ends; the start itself if none does. */
    int nameEnd(int start) {
        int end = start;
        if (end < text.length() && Names.isStart(text.charAt(end))) {
            end++;
            while (end < text.length() && Names.isPart(text.charAt(end))) {
                end++;
            }
        }
        return end;
    }

    private int iriEnd(int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) > ' ' && "()[]{};|,=!<>~\"".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** A dotted path with an optional trail in brackets. */
    AttributePath path() {
        return path(name());
    }

    /** The rest of a path whose first name has been read. */
    AttributePath path(String first) {
        List<AttributePath.Step> steps = new ArrayList<>();
        AttributePath.Builtin member = AttributePath.Builtin.of(first, true);
        steps.add(member != null ? member : new AttributePath.Name(expand(first)));
        while (peek() == '.' && peek(1) != '.') {
            position++;
            String term = name();
            AttributePath.Builtin meta = AttributePath.Builtin.of(term, false);
            steps.add(meta != null ? meta : new AttributePath.Name(expand(term)));
            bound(steps.size());
        }
        List<AttributePath.Member> trail = new ArrayList<>();
        if (take('[')) {
            do {
                String term = member();
                String iri = term.equals("*") ? term : expand(term);
                trail.add(new AttributePath.Member(term, peek() == '<' ? bracketed() : iri));
                bound(trail.size());
            } while (take('.'));
            require(']');
        }
        return new AttributePath(steps, trail);
    }

    private void bound(int steps) {
        if (steps > MAX_STEPS) {
            throw tooComplex("a path has at most " + MAX_STEPS + " steps");
        }
    }

    /** A member name, a language tag, or {@code *}. JSON members are freer than names, so everything but the delimiters is one. */
    private String member() {
        int start = position;
        while (!atEnd() && peek() > ' ' && "[].{}\"|;()=<>~!".indexOf(peek()) < 0) {
            position++;
        }
        if (position == start) {
            throw expected("a member name, a language tag or \"*\"");
        }
        return text.substring(start, position);
    }
}
