package de.freiraum.catalog.export;

import java.io.ByteArrayOutputStream;

/** Writes rows one after the other. One thread at a time. */
interface RowFormat {
    /** What comes first. */
    void begin(ByteArrayOutputStream out);

    /** One row. */
    void row(ByteArrayOutputStream out, Row row);

    /** What comes last. */
    void end(ByteArrayOutputStream out);
}
