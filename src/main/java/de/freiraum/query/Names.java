package de.freiraum.query;

/** Which names the languages admit (clause 4.6.2). */
final class Names {
    private Names() {}

    /** Letters of any script. */
    static boolean isStart(char c) {
        return Character.isLetter(c) || Character.isSurrogate(c);
    }

    /** Letters, numbers and {@code _}. */
    static boolean isPart(char c) {
        return Character.isLetter(c)
                || c == '_'
                || Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER
                || Character.getType(c) == Character.LETTER_NUMBER
                || Character.getType(c) == Character.OTHER_NUMBER
                || Character.isSurrogate(c);
    }

    /** A name, {@code prefix:name}, or an absolute IRI. */
    static boolean isTypeName(String text) {
        return isName(text) || isIri(text);
    }

    /** A name, optionally with a prefix. */
    static boolean isName(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? isPlain(text, 0, text.length())
                : isPlain(text, 0, colon) && isPlain(text, colon + 1, text.length());
    }

    /**
     * A name as the languages read it back: itself, or in angle brackets where its characters would be read as something else.
     *
     * @param inBraces whether a colon would be read as the end of types
     * @param alone whether no dotted path follows, so that the dots of an IRI are read as its own
     */
    static String print(String name, boolean inBraces, boolean alone) {
        boolean bare = isName(name)
                ? !(inBraces && name.indexOf(':') >= 0)
                : alone
                        && isIri(name)
                        && isStart(name.charAt(0))
                        && name.substring(0, name.indexOf(':')).chars().allMatch(c -> isPart((char) c))
                        && (name.startsWith("urn:") || name.startsWith("//", name.indexOf(':') + 1))
                        && name.chars().noneMatch(c -> "()[];,=!~".indexOf(c) >= 0);
        return bare ? name : "<" + name + ">";
    }

    private static boolean isPlain(String text, int from, int to) {
        if (from >= to || !isStart(text.charAt(from))) {
            return false;
        }
        for (int i = from + 1; i < to; i++) {
            if (!isPart(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the text has the shape of an absolute IRI: a scheme, a colon, more, and no blank or control character. */
    static boolean isIri(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || colon == text.length() - 1 || !isAsciiLetter(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < colon; i++) {
            char c = text.charAt(i);
            if (!(isAsciiLetter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')) {
                return false;
            }
        }
        for (int i = colon + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || "<>\"{}|\\^`".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** What may stand as a string without quotes: starts with a letter; then also hyphens and dots. */
    static boolean isWord(String text) {
        if (text.isEmpty() || !isStart(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isPart(c) && c != '-' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static boolean isAsciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
