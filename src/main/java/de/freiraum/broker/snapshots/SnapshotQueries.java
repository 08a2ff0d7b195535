package de.freiraum.broker.snapshots;

import de.freiraum.broker.LinkedRetrieval.Follow;
import de.freiraum.broker.temporal.TemporalOperations.Selection;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.Projection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queries whose results become part of a snapshot.
 *
 * @param entities those of entities
 * @param evolutions those of temporal evolutions
 */
public record SnapshotQueries(List<OfEntities> entities, List<OfEvolutions> evolutions) {
    /** Copies the lists. */
    public SnapshotQueries {
        entities = List.copyOf(entities);
        evolutions = List.copyOf(evolutions);
    }

    /**
     * A query of entities (clause 5.7.2).
     *
     * @param query which entities
     * @param projection what of them
     * @param follow which linked entities become part as well, or null: none
     */
    public record OfEntities(
            EntityQuery query,
            Projection projection,
            @Nullable Follow follow) {}

    /**
     * A query of temporal evolutions (clause 5.7.4).
     *
     * @param query of which entities
     * @param selection which instances
     * @param projection what of them
     */
    public record OfEvolutions(EntityQuery query, Selection selection, Projection projection) {}
}
