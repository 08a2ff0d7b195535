package de.freiraum.broker;

import de.freiraum.model.NgsiLdException;

/** What may name an entity, a dataset or a subscription: an absolute URI (clause 4.6.1). */
public final class Uris {
    private static final int MAX_LENGTH = 2048;
    private static final String NOT_ALLOWED = "<>\"{}|\\^`";

    private Uris() {}

    /**
     * Lets URIs pass.
     *
     * @param what the faulty thing's name in the error
     * @return the text itself
     * @throws NgsiLdException BadRequestData for anything else
     */
    public static String check(String what, String text) {
        if (!isUri(text)) {
            throw NgsiLdException.badRequest(what + ": a URI is needed, such as urn:ngsi-ld:Device:1, not \""
                    + (text.length() <= 80 ? text : text.substring(0, 80) + "…") + "\"");
        }
        return text;
    }

    /** Whether the text has a scheme and something behind it, and no character that URIs do not have. */
    public static boolean isUri(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || colon == text.length() - 1 || text.length() > MAX_LENGTH || !isLetter(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < colon; i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && !(c >= '0' && c <= '9') && "+-.".indexOf(c) < 0) {
                return false;
            }
        }
        for (int i = colon + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || NOT_ALLOWED.indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
