package de.freiraum.store;

import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * History: every committed change of an attribute, and late observations. Written together with the change by
 * {@link EntityStore#apply}; read here.
 */
public interface TemporalStore {

    /**
     * The instances of one entity's attributes in an interval, each attribute's in ascending time.
     *
     * @param attributes attribute IRIs; empty: all
     */
    Future<List<TemporalInstance>> instances(Tenant tenant, String entityId, Set<String> attributes, Range range);

    /**
     * An interval of time.
     *
     * @param property which time counts
     * @param from first instant inside, or null: unbounded
     * @param to first instant outside, or null: unbounded
     * @param last the most instances per attribute and dataset, counted from the end; 0: all
     */
    record Range(
            TimeProperty property,
            @Nullable Instant from,
            @Nullable Instant to,
            int last) {
        /** All that was ever observed. */
        public static final Range ALL = new Range(TimeProperty.observedAt, null, null, 0);
    }

    /** Clause 4.8; named as the {@code timeproperty} parameter names them. An instance without observedAt is placed by modifiedAt. */
    enum TimeProperty {
        observedAt,
        createdAt,
        modifiedAt,
        deletedAt
    }
}
