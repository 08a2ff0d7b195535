package de.freiraum.catalog;

import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/** Knows the files of months that are over, as far as they were made. */
public interface Dumps {
    /** Knows none. */
    Dumps NONE = (dataset, month, format) -> null;

    /** The file of a month, or null if it is not known. */
    @Nullable
    Dump find(Dataset dataset, YearMonth month, FileFormat format);

    /**
     * A file that stays as it is, unless the past is corrected.
     *
     * @param length in bytes, not compressed
     * @param sha256 of its bytes, in hexadecimal digits
     */
    record Dump(long length, String sha256) {}
}
