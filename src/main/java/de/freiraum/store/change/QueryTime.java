package de.freiraum.store.change;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;

/** What is told of a query that takes longer than it may. */
public final class QueryTime {
    private QueryTime() {}

    /** The refusal. */
    public static NgsiLdException isOver() {
        return new NgsiLdException(
                ErrorType.TooComplexQuery,
                "the query looks at too much to be answered in time; ask for fewer types or ids, or a smaller area");
    }
}
