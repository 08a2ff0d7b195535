package de.freiraum.query;

/** Writes values as the query language reads them. */
final class QPrinter {
    private QPrinter() {}

    static String print(Literal literal) {
        if (literal instanceof Literal.Text text) {
            return quote(text.text());
        }
        if (literal instanceof Literal.Numeric number) {
            return number.value().number().toString();
        }
        if (literal instanceof Literal.Bool bool) {
            return Boolean.toString(bool.truth());
        }
        if (literal instanceof Literal.Time time) {
            return time.moment().toString();
        }
        String uri = ((Literal.Uri) literal).uri();
        boolean bare = uri.chars().noneMatch(c -> ";|(),\" ".indexOf(c) >= 0);
        return bare ? uri : quote(uri);
    }

    private static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    /** In quotes, where a backslash belongs to the pattern and only the quote itself is escaped. */
    static String quotePattern(String source) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\\' && i + 1 < source.length()) {
                out.append(c).append(source.charAt(++i));
            } else {
                out.append(c == '"' ? "\\\"" : String.valueOf(c));
            }
        }
        return out.append('"').toString();
    }
}
