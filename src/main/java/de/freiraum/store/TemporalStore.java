package de.freiraum.store;

import de.freiraum.model.Attribute;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.TimeProperty;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * History: every committed change of an attribute or of the scope, and late observations. Written together with the change by
 * {@link EntityStore#apply}; read, corrected and deleted here. An evolution can exist without a current entity. Writes of one evolution
 * happen one after the other.
 */
public interface TemporalStore {

    /**
     * The instances of one entity's attributes in an interval, each attribute's in ascending time.
     *
     * @param attributes attribute IRIs; empty: all
     */
    Future<List<TemporalInstance>> instances(Tenant tenant, String entityId, Set<String> attributes, Range range);

    /**
     * The instances of several entities, in the order of the ids.
     *
     * @param attributes attribute IRIs; empty: all
     */
    Future<List<List<TemporalInstance>>> instances(
            Tenant tenant, List<String> entityIds, Set<String> attributes, Range range);

    /** What is known of an evolution beside its instances, or null if the entity neither exists nor has an evolution of its own. */
    Future<@Nullable Head> head(Tenant tenant, String entityId);

    /**
     * The evolutions of entities, in the order of their ids.
     *
     * @param query its conditions on types and id hold, no others
     * @param after the id behind which to start, or null: from the first
     * @param limit the most to return, above 0
     */
    Future<List<Head>> heads(Tenant tenant, EntityQuery query, @Nullable String after, int limit);

    /**
     * Adds instances to an evolution and types to its head (clauses 5.6.11 and 5.6.12). The store gives the instances their ids and
     * system times. An attribute has one instance of a dataset at a point in time (clauses 4.5.5.1 and 4.5.7): one with the
     * {@code observedAt} of an earlier one takes its place, its id and its {@code createdAt}. The current entity stays as it is.
     *
     * @param types IRIs; empty: none to add
     * @param create whether to create the evolution if there is none
     * @return whether it was there, was created, or is neither
     */
    Future<Added> add(
            Tenant tenant, String entityId, List<String> types, List<TemporalInstance> instances, boolean create);

    /**
     * Replaces one instance (clause 5.6.14). It keeps its id and createdAt.
     *
     * @return false: there is no such instance
     */
    Future<Boolean> replace(Tenant tenant, String entityId, String attribute, String instanceId, Attribute instance);

    /**
     * Deletes all instances of an attribute (clause 5.6.13).
     *
     * @return false: there are none
     */
    Future<Boolean> deleteAttribute(Tenant tenant, String entityId, String attribute);

    /**
     * Deletes the instances of an attribute that are of one dataset (clause 5.6.13).
     *
     * @param datasetId URI; null: the default instances
     * @return false: there are none
     */
    Future<Boolean> deleteDataset(Tenant tenant, String entityId, String attribute, @Nullable String datasetId);

    /**
     * Deletes one instance (clause 5.6.15).
     *
     * @return false: there is no such instance
     */
    Future<Boolean> deleteInstance(Tenant tenant, String entityId, String attribute, String instanceId);

    /**
     * Deletes an evolution (clause 5.6.16); the current entity stays.
     *
     * @return false: there is none
     */
    Future<Boolean> deleteEvolution(Tenant tenant, String entityId);

    /**
     * Makes fewer instances of those in an interval, window by window. A window's instances go and what takes their place comes as one write,
     * so that nobody, and no crash, sees both or neither. What is written meanwhile stays. One call looks at some thousand instances.
     *
     * @param from where an earlier call ended; null: at the start
     */
    Future<Condensed> condense(Tenant tenant, String entityId, Condensation condensation, @Nullable Spot from);

    /** How instances become fewer; pure, since it is asked again when a write has to be repeated. */
    interface Condensation {
        /** First instant inside, or null: unbounded. */
        @Nullable
        Instant from();

        /** First instant outside. */
        Instant to();

        /** The end of the window that a time lies in: the first instant outside of it. */
        Instant windowEnd(Instant time);

        /**
         * What shall be there instead.
         *
         * @param window the instances of one attribute and dataset in a window, in ascending time; at least one
         * @return instances with ids, in the same window; the very list: leave it as it is
         */
        List<TemporalInstance> condense(List<TemporalInstance> window);
    }

    /**
     * A place in an evolution.
     *
     * @param attribute IRI
     * @param datasetId URI, or null for the default instances
     * @param time when it was observed, otherwise modified
     */
    record Spot(String attribute, @Nullable String datasetId, Instant time) {}

    /**
     * What a call of {@link #condense} did.
     *
     * @param removed how many instances went
     * @param added how many came
     * @param next where to go on, or null: all is done
     */
    record Condensed(int removed, int added, @Nullable Spot next) {}

    /** What became of an addition. */
    enum Added {
        /** The evolution was there. */
        TO_EXISTING,
        /** The evolution is new. */
        CREATED,
        /** There is no evolution, and none was to be created. */
        NOWHERE
    }

    /**
     * An evolution without its instances.
     *
     * @param entityId the entity's URI
     * @param types type IRIs
     * @param createdAt when the entity came into the broker, or null
     * @param modifiedAt when it was last written, or null
     * @param deletedAt when the current entity was deleted, or null
     */
    record Head(
            String entityId,
            List<String> types,
            @Nullable Instant createdAt,
            @Nullable Instant modifiedAt,
            @Nullable Instant deletedAt) {
        /** Copies the list. */
        public Head {
            types = List.copyOf(types);
        }
    }

    /**
     * An interval of time.
     *
     * @param property which time counts; an instance without observedAt is placed by modifiedAt
     * @param from first instant inside, or null: unbounded
     * @param to first instant outside, or null: unbounded
     * @param last the most instances per attribute and dataset, counted from the end; 0: all
     * @param first the most instances per attribute and dataset, counted from the start; 0: all; at most one of the two is above 0
     */
    record Range(
            TimeProperty property,
            @Nullable Instant from,
            @Nullable Instant to,
            int last,
            int first) {
        /** Checks the bounds. */
        public Range {
            if (last < 0 || first < 0 || (last > 0 && first > 0)) {
                throw new IllegalArgumentException("last and first: at least 0, and not both above 0");
            }
        }

        /** Without a bound from the start. */
        public Range(TimeProperty property, @Nullable Instant from, @Nullable Instant to, int last) {
            this(property, from, to, last, 0);
        }

        /** All that was ever observed. */
        public static final Range ALL = new Range(TimeProperty.observedAt, null, null, 0);
    }
}
