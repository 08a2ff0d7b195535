package de.freiraum.query;

import de.freiraum.model.NgsiLdException;
import de.freiraum.query.QExpression.Hop;
import de.freiraum.query.QExpression.Operand;
import de.freiraum.query.QExpression.Operator;
import de.freiraum.query.QExpression.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Reads the query language of clause 4.9 ({@code q} and {@code csf}) by recursive descent:
 *
 * <pre>
 * or      = and *( "|" and )
 * and     = term *( ";" term )
 * term    = "(" or ")" / "!" target / target [ operator operand ]
 * target  = name "{" [ types ":" ] target "}" / path
 * path    = name *( "." name ) [ "[" member *( "." member ) "]" ]
 * operand = literal / literal ".." literal / literal *( "," literal ) / pattern
 * </pre>
 *
 * Beyond the clause it reads {@code !target}, blanks between tokens, bare words after {@code ==} and {@code !=}, compact IRIs and
 * absolute IRIs as names; an IRI in angle brackets may be followed by more of a path, as {@link QExpression#print} writes it. A pattern is quoted or bare; in quotes only the quote is escaped, a backslash belongs to the pattern.
 */
public final class QParser {
    /** The longest query, in characters. */
    public static final int MAX_LENGTH = 8192;

    private static final int MAX_DEPTH = 32;
    private static final int MAX_HOPS = 8;
    private static final int MAX_TERMS = 256;
    private static final int MAX_VALUES = 1024;

    private final String parameter;
    private final TextCursor in;
    private final Set<String> expandValues;
    private final Set<String> jsonKeys;
    private int terms;

    private QParser(
            String parameter,
            String text,
            UnaryOperator<String> expand,
            Collection<String> expandValues,
            Collection<String> jsonKeys) {
        this.parameter = parameter;
        this.in = new TextCursor(parameter, text, expand, MAX_LENGTH);
        this.expandValues = new HashSet<>();
        expandValues.forEach(term -> this.expandValues.add(expand.apply(term)));
        this.jsonKeys = new HashSet<>();
        jsonKeys.forEach(term -> this.jsonKeys.add(expand.apply(term)));
    }

    /** Parses the parameter {@code q}; see {@link #parse(String, String, UnaryOperator, Collection)}. */
    public static QExpression parse(String text, UnaryOperator<String> expand) {
        return parse("q", text, expand, List.of());
    }

    /** Parses a query without {@code jsonKeys}; see {@link #parse(String, String, UnaryOperator, Collection, Collection)}. */
    public static QExpression parse(
            String parameter, String text, UnaryOperator<String> expand, Collection<String> expandValues) {
        return parse(parameter, text, expand, expandValues, List.of());
    }

    /**
     * Parses a query.
     *
     * @param parameter its name in errors, {@code q} or {@code csf}
     * @param text the query, percent-decoding done
     * @param expand gives the IRI of a name
     * @param expandValues names of attributes whose values are terms to expand ({@code expandValues}); may be empty
     * @param jsonKeys names of attributes whose values are JSON and never terms ({@code jsonKeys}), whatever {@code expandValues} says; may be
     *     empty. Member names inside values need no such hint: they are looked for as written and as expanded
     * @throws NgsiLdException BadRequestData naming the position (counted from 0) where the query is wrong, or TooComplexQuery
     */
    public static QExpression parse(
            String parameter,
            String text,
            UnaryOperator<String> expand,
            Collection<String> expandValues,
            Collection<String> jsonKeys) {
        QParser parser = new QParser(parameter, text, expand, expandValues, jsonKeys);
        QExpression expression = parser.or(0);
        if (!parser.in.atEnd()) {
            throw parser.in.expected("an operator or the end");
        }
        return expression;
    }

    private QExpression or(int depth) {
        List<QExpression> parts = new ArrayList<>();
        do {
            parts.add(and(depth));
        } while (in.take('|'));
        return parts.size() == 1 ? parts.get(0) : new QExpression.Or(parts);
    }

    private QExpression and(int depth) {
        List<QExpression> parts = new ArrayList<>();
        do {
            parts.add(term(depth));
            in.skipBlanks();
        } while (in.take(';'));
        return parts.size() == 1 ? parts.get(0) : new QExpression.And(parts);
    }

    private QExpression term(int depth) {
        in.skipBlanks();
        if (depth > MAX_DEPTH) {
            throw in.tooComplex("parentheses are nested at most " + MAX_DEPTH + " deep");
        }
        if (in.take('(')) {
            QExpression inner = or(depth + 1);
            in.require(')');
            return inner;
        }
        if (++terms > MAX_TERMS) {
            throw in.tooComplex("at most " + MAX_TERMS + " conditions are allowed");
        }
        if (in.peek() == '!' && in.peek(1) != '=' && in.peek(1) != '~') {
            in.advance(1);
            return new QExpression.Absent(target());
        }
        Target target = target();
        in.skipBlanks();
        for (Operator operator : Operator.values()) {
            if (in.take(operator.symbol())) {
                in.skipBlanks();
                return new QExpression.Compare(target, operator, operand(target, operator));
            }
        }
        return new QExpression.Exists(target);
    }

    private Target target() {
        List<Hop> hops = new ArrayList<>();
        String name = in.name();
        while (in.take('{')) {
            if (hops.size() == MAX_HOPS) {
                throw in.tooComplex("at most " + MAX_HOPS + " Relationships can be followed");
            }
            hops.add(new Hop(in.expand(name), types(), Set.of()));
            name = in.name();
        }
        AttributePath path = in.path(name);
        for (int i = 0; i < hops.size(); i++) {
            in.require('}');
        }
        return new Target(hops, path);
    }

    /** {@code Type,Type:} if that is what follows; otherwise nothing is taken. Inside braces a colon ends the types. */
    private List<String> types() {
        int start = in.position();
        List<String> types = new ArrayList<>();
        while (true) {
            int from = in.position();
            int end = in.nameEnd(from);
            if (in.peek() == '<') {
                types.add(in.bracketed());
            } else if (end > from) {
                types.add(in.text().substring(from, end));
                in.position(end);
            } else {
                break;
            }
            if (in.take(':')) {
                if (in.peek() == '/') {
                    break;
                }
                return types.stream().map(in::expand).toList();
            }
            if (!in.take(',')) {
                break;
            }
        }
        in.position(start);
        return List.of();
    }

    private Operand operand(Target target, Operator operator) {
        if (operator == Operator.MATCHES || operator == Operator.NOT_MATCHES) {
            return new Operand.Matching(pattern());
        }
        boolean equality = operator == Operator.EQUAL || operator == Operator.UNEQUAL;
        Literal first = literal(target, equality);
        in.skipBlanks();
        if (equality && in.take("..")) {
            return range(target, first);
        }
        if (!equality || in.peek() != ',') {
            return new Operand.Single(first);
        }
        List<Literal> literals = new ArrayList<>();
        literals.add(first);
        while (in.take(',')) {
            if (literals.size() == MAX_VALUES) {
                throw in.tooComplex("a list has at most " + MAX_VALUES + " values");
            }
            in.skipBlanks();
            literals.add(literal(target, true));
            in.skipBlanks();
        }
        return new Operand.OneOf(literals);
    }

    private Operand range(Target target, Literal least) {
        in.skipBlanks();
        int start = in.position();
        Literal greatest = literal(target, false);
        boolean comparable = least.getClass() == greatest.getClass()
                && !(least instanceof Literal.Bool)
                && !(least instanceof Literal.Uri)
                && !(least instanceof Literal.Time a
                        && greatest instanceof Literal.Time b
                        && a.moment().kind() != b.moment().kind());
        if (!comparable) {
            in.position(start);
            throw in.expected("a value of the same type as the range's minimum");
        }
        return new Operand.Range(least, greatest);
    }

    private Literal literal(Target target, boolean equality) {
        Literal literal = in.peek() == '"' ? Literal.Text.of(quoted()) : bare(equality);
        return isExpanded(target.path()) ? expand(literal) : literal;
    }

    /** Whether values of the target are terms: as the request says, and always for types. */
    private boolean isExpanded(AttributePath path) {
        for (AttributePath.Step step : path.steps()) {
            if (step instanceof AttributePath.Name name && jsonKeys.contains(name.iri())) {
                return false;
            }
        }
        for (AttributePath.Step step : path.steps()) {
            if (step == AttributePath.Builtin.TYPE
                    || step == AttributePath.Builtin.OBJECT_TYPE
                    || (step instanceof AttributePath.Name name && expandValues.contains(name.iri()))) {
                return true;
            }
        }
        return false;
    }

    private Literal expand(Literal literal) {
        if (literal instanceof Literal.Text text) {
            return Literal.Text.of(in.expand(text.text()));
        }
        return literal instanceof Literal.Uri uri ? new Literal.Uri(in.expand(uri.uri())) : literal;
    }

    /** A JSON string (RFC 8259, section 7). */
    private String quoted() {
        StringBuilder out = new StringBuilder();
        in.advance(1);
        while (true) {
            if (in.atEnd()) {
                throw in.expected("a closing quote");
            }
            char c = in.peek();
            if (c == '"') {
                in.advance(1);
                return out.toString();
            }
            if (c < ' ') {
                throw in.expected("an escape sequence instead of a control character");
            }
            if (c == '\\') {
                in.advance(1);
                out.append(escaped());
            } else {
                in.advance(1);
                out.append(c);
            }
        }
    }

    private char escaped() {
        char c = in.peek();
        int simple = "\"\\/bfnrt".indexOf(c);
        if (simple >= 0 && !in.atEnd()) {
            in.advance(1);
            return "\"\\/\b\f\n\r\t".charAt(simple);
        }
        int code = 0;
        for (int i = 1; i <= 4; i++) {
            int digit = Character.digit(in.peek(i), 16);
            if (c != 'u' || digit < 0 || in.peek(i) > 'f') {
                throw in.expected("an escape sequence of JSON");
            }
            code = code * 16 + digit;
        }
        in.advance(5);
        return (char) code;
    }

    /** A value without quotes: number, truth value, date or time, and, where only equality is asked for, a URI or a word. */
    private Literal bare(boolean equality) {
        int start = in.position();
        String number = numberHere();
        if (!number.isEmpty()) {
            in.advance(number.length());
            try {
                return Literal.Numeric.of(number);
            } catch (NumberFormatException e) {
                in.position(start);
                throw in.expected("a number that can be represented");
            }
        }
        String token = tokenHere();
        Moment moment = Moment.parse(token);
        if (moment != null) {
            in.advance(token.length());
            return new Literal.Time(moment);
        }
        if (equality) {
            if (token.equals("true") || token.equals("false")) {
                in.advance(token.length());
                return new Literal.Bool(token.equals("true"));
            }
            if (Names.isIri(token)) {
                in.advance(token.length());
                return new Literal.Uri(token);
            }
            if (Names.isWord(token)) {
                in.advance(token.length());
                return Literal.Text.of(token);
            }
        }
        throw in.expected(equality ? "a value" : "a number, a quoted string, a date or a time");
    }

    /** The JSON number that is the whole token here, or an empty string. */
    private String numberHere() {
        int i = in.peek() == '-' ? 1 : 0;
        int integer = i;
        i = digits(i);
        if (i == integer || (in.peek(integer) == '0' && i > integer + 1)) {
            return "";
        }
        if (in.peek(i) == '.' && isDigit(in.peek(i + 1))) {
            i = digits(i + 1);
        }
        if (in.peek(i) == 'e' || in.peek(i) == 'E') {
            int exponent = in.peek(i + 1) == '+' || in.peek(i + 1) == '-' ? i + 2 : i + 1;
            int end = digits(exponent);
            if (end == exponent) {
                return "";
            }
            i = end;
        }
        char next = in.peek(i);
        boolean ends = next == '\0' || ";|), \t".indexOf(next) >= 0 || (next == '.' && in.peek(i + 1) == '.');
        return ends ? in.text().substring(in.position(), in.position() + i) : "";
    }

    private int digits(int from) {
        int i = from;
        while (isDigit(in.peek(i))) {
            i++;
        }
        return i;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The characters from here to the next delimiter. A comma before the fraction of a second, and dots inside a URI, are none. */
    private String tokenHere() {
        int i = 0;
        boolean maybeMoment = isDigit(in.peek());
        boolean maybeUri = false;
        while (true) {
            char c = in.peek(i);
            if (c == '\0' || ";|)\"( \t".indexOf(c) >= 0) {
                break;
            }
            if (c == ',') {
                int end = digits(i + 1);
                if (!(maybeMoment && end > i + 1 && in.peek(end) == 'Z' && in.peek(i - 3) == ':')) {
                    break;
                }
            }
            if (!maybeUri && c == '.' && in.peek(i + 1) == '.') {
                break;
            }
            maybeUri |= c == ':' && !maybeMoment;
            i++;
        }
        return in.text().substring(in.position(), in.position() + i);
    }

    private TextPattern pattern() {
        return TextPattern.of(parameter, in.peek() == '"' ? quotedPattern() : barePattern());
    }

    private String quotedPattern() {
        StringBuilder out = new StringBuilder();
        in.advance(1);
        while (in.peek() != '"') {
            if (in.atEnd()) {
                throw in.expected("a closing quote");
            }
            if (in.peek() == '\\' && in.peek(1) != '\0') {
                if (in.peek(1) != '"') {
                    out.append('\\');
                }
                out.append(in.peek(1));
                in.advance(2);
            } else {
                out.append(in.peek());
                in.advance(1);
            }
        }
        in.advance(1);
        return out.toString();
    }

    /** Up to an operator outside of the pattern's own parentheses and brackets. */
    private String barePattern() {
        StringBuilder out = new StringBuilder();
        int open = 0;
        boolean inClass = false;
        while (!in.atEnd()) {
            char c = in.peek();
            if (c == '\\' && in.peek(1) != '\0') {
                if (in.peek(1) != '"') {
                    out.append(c);
                }
                out.append(in.peek(1));
                in.advance(2);
                continue;
            }
            if (!inClass && open == 0 && ";|)".indexOf(c) >= 0) {
                break;
            }
            if (inClass) {
                inClass = c != ']';
            } else if (c == '[') {
                inClass = true;
            } else if (c == '(') {
                open++;
            } else if (c == ')') {
                open--;
            }
            out.append(c);
            in.advance(1);
        }
        if (out.isEmpty()) {
            throw in.expected("a regular expression");
        }
        return out.toString();
    }
}
