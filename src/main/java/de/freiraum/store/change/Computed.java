package de.freiraum.store.change;

import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a function made of an entity: a change, nothing to do, or a refusal.
 *
 * @param change what to commit, or null
 * @param result attribute by attribute
 * @param refusal why nothing is to be committed, or null
 */
public record Computed(
        @Nullable Change change,
        UpdateResult result,
        @Nullable NgsiLdException refusal) {
    /** The most attributes of an entity. */
    private static final int MOST_ATTRIBUTES = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Computed.class);

    /**
     * Calls the function; never throws.
     *
     * @param before the version there is, or null
     * @param tick the time of the change, which is its sequence too
     */
    public static Computed of(
            Tenant tenant, String entityId, @Nullable Entity before, long tick, EntityChange change, Origin origin) {
        try {
            EntityChange.Outcome outcome = change.apply(before, Ticks.instant(tick));
            Entity after = outcome.after();
            if (isSame(before, after) && outcome.history().isEmpty()) {
                return new Computed(null, outcome.result(), null);
            }
            if (after != null && !after.id().equals(entityId)) {
                throw new IllegalStateException("the change of " + entityId + " made another entity");
            }
            if (after != null && after.attributes().size() > MOST_ATTRIBUTES) {
                return refused(NgsiLdException.badRequest("the entity would have "
                        + after.attributes().size() + " attributes; allowed are " + MOST_ATTRIBUTES));
            }
            return new Computed(
                    new Change(tenant, entityId, before, after, outcome.history(), Ticks.instant(tick), origin, tick),
                    outcome.result(),
                    null);
        } catch (NgsiLdException e) {
            return refused(e);
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    /** A refusal. */
    public static Computed refused(NgsiLdException refusal) {
        return new Computed(null, UpdateResult.EMPTY, refusal);
    }

    /** A fault in the function, or an outcome that cannot be stored. */
    public static Computed failed(RuntimeException fault) {
        LOG.error("a change of an entity failed", fault);
        return refused(new NgsiLdException(ErrorType.InternalError, "the change failed inside the broker"));
    }

    /** Whether a change leaves the current state as it is: by {@link EntityChange.Outcome} that is the same object. */
    @SuppressWarnings("ReferenceEquality") // the contract is about identity; comparing values would cost more
    public static boolean isSame(@Nullable Entity before, @Nullable Entity after) {
        return before == after;
    }
}
