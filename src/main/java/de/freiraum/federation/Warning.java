package de.freiraum.federation;

import org.jspecify.annotations.Nullable;

/**
 * Why an answer lacks what a source may have (clause 6.3.17).
 *
 * @param code the IANA warning code
 * @param registrationId the registration of the source
 * @param text what happened
 */
public record Warning(int code, String registrationId, String text) {
    /** No answer in time, or a loop. */
    public static final int MISCELLANEOUS = 199;

    /** The answer was not valid. */
    public static final int REVALIDATION_FAILED = 111;

    /** The answer was an error. */
    public static final int MISCELLANEOUS_PERSISTENT = 299;

    /** The warning that an answer calls for, or null if nothing is missing. */
    static @Nullable Warning of(SourceAnswer answer, String registrationId) {
        if (answer instanceof SourceAnswer.Refused refused) {
            return new Warning(MISCELLANEOUS_PERSISTENT, registrationId, "the source answers " + refused.status());
        }
        if (answer instanceof SourceAnswer.Failed failed) {
            int code = failed.reason() == SourceAnswer.Reason.INVALID ? REVALIDATION_FAILED : MISCELLANEOUS;
            return new Warning(code, registrationId, failed.text());
        }
        return null;
    }

    /** The value of the header NGSILD-Warning. */
    public String header() {
        return code + " " + registrationId + " \"" + text.replace('"', '\'') + "\"";
    }
}
