package de.freiraum.catalog.export;

import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;

/** A file that is made part by part. */
public interface DatasetFile {
    /**
     * Makes the next part.
     *
     * @param out to which it is added, on the caller's context
     * @return whether there is another one; fails when the file cannot be made whole
     */
    Future<Boolean> next(ByteArrayOutputStream out);
}
