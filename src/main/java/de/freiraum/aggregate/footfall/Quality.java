package de.freiraum.aggregate.footfall;

import java.util.Locale;

/** How far a window's numbers can be trusted. */
public enum Quality {
    /** Counted, over at least 95 % of the window. */
    MEASURED,
    /** Counted over at least 95 % of the window, but in messages that span more time than the window, so the split is a guess. */
    ESTIMATED,
    /** Counted over less than 95 % of the window: the numbers are too low by an unknown amount. The running window is always partial at first. */
    PARTIAL,
    /** Nothing is known. Not zero. */
    MISSING,
    /** Counted, but the numbers are not published since they, or others that they would tell, are small. */
    SUPPRESSED;

    /** From this coverage on a window counts as whole. */
    public static final double WHOLE = 0.95;

    static Quality of(double coverage, boolean estimated) {
        if (coverage <= 0) {
            return MISSING;
        }
        return coverage < WHOLE ? PARTIAL : estimated ? ESTIMATED : MEASURED;
    }

    /** The word as published. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
