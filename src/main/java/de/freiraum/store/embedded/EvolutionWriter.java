package de.freiraum.store.embedded;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.store.TemporalStore.Added;
import de.freiraum.store.TemporalStore.Condensation;
import de.freiraum.store.TemporalStore.Condensed;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.TemporalStore.Spot;
import de.freiraum.store.change.Condenser;
import de.freiraum.store.change.Reply;
import de.freiraum.store.change.Ticks;
import de.freiraum.store.embedded.Engine.Column;
import de.freiraum.store.embedded.Engine.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes temporal evolutions (5.6.11 to 5.6.16): plans on a thread that may wait for the engine, one write of an evolution after the other,
 * and commits. Callable from any thread.
 */
final class EvolutionWriter {
    private static final int CONDENSED_AT_ONCE = 2000;

    private final Workings work;
    private final Histories histories;
    private final Evolutions evolutions;

    /** For each evolution under change when the last change that was asked for is done. */
    private final ConcurrentMap<EntityKey, Future<Void>> turns = new ConcurrentHashMap<>();

    EvolutionWriter(Workings work, Histories histories, Evolutions evolutions) {
        this.work = work;
        this.histories = histories;
        this.evolutions = evolutions;
    }

    /**
     * What a write of an evolution comes to.
     *
     * @param result the answer
     * @param steps what to write; empty: nothing
     * @param tick the time of the write
     * @param head the head as it shall be kept; null: as it is
     */
    private record Planned<T>(
            T result, List<Step> steps, long tick, @Nullable Head head) {
        static <T> Planned<T> nothing(T result) {
            return new Planned<>(result, List.of(), 0, null);
        }
    }

    Future<Added> add(
            Tenant tenant, String entityId, List<String> types, List<TemporalInstance> instances, boolean create) {
        return evolve(tenant, entityId, () -> {
            Head before = evolutions.head(tenant, entityId, work.ticks());
            if (before == null && !create) {
                return Planned.nothing(Added.NOWHERE);
            }
            long tick = work.ticks().next();
            List<Step> steps = new ArrayList<>();
            histories.add(work.engine(), tenant, entityId, instances, tick, steps);
            Head after = evolutions.grown(tenant, entityId, before, types, Ticks.instant(tick));
            if (after != null) {
                steps.add(Evolutions.step(tenant, after));
            }
            return new Planned<>(before == null ? Added.CREATED : Added.TO_EXISTING, steps, tick, after);
        });
    }

    Future<Boolean> replace(Tenant tenant, String entityId, String attribute, String instanceId, Attribute instance) {
        return evolve(tenant, entityId, () -> {
            Histories.Placed there = Histories.find(work.engine(), tenant, entityId, attribute, instanceId);
            if (there == null) {
                return Planned.nothing(false);
            }
            long tick = work.ticks().next();
            Instant now = Ticks.instant(tick);
            List<Step> steps = new ArrayList<>();
            steps.add(Step.delete(Column.HISTORY, there.key()));
            AttributeMeta meta = instance.meta()
                    .withTimes(
                            there.instance().meta().createdAt(),
                            now,
                            instance.meta().deletedAt());
            Histories.put(
                    tenant,
                    entityId,
                    List.of(new TemporalInstance(attribute, instance.with(meta.withInstanceId(instanceId)))),
                    now,
                    steps);
            return corrected(tenant, entityId, steps, tick);
        });
    }

    Future<Boolean> deleteAttribute(Tenant tenant, String entityId, String attribute) {
        return deleteAll(tenant, entityId, Keys.of(tenant.partition(), entityId, attribute));
    }

    Future<Boolean> deleteDataset(Tenant tenant, String entityId, String attribute, @Nullable String datasetId) {
        return deleteAll(tenant, entityId, Histories.group(tenant, entityId, attribute, datasetId));
    }

    /** However many instances there are, they are one step. */
    private Future<Boolean> deleteAll(Tenant tenant, String entityId, byte[] parts) {
        return evolve(
                tenant,
                entityId,
                () -> Histories.any(work.engine(), parts)
                        ? corrected(
                                tenant,
                                entityId,
                                List.of(Step.deleteRange(Column.HISTORY, parts, Keys.behind(parts))),
                                work.ticks().next())
                        : Planned.nothing(false));
    }

    /** Steps that change instances, and the head that says when. */
    private Planned<Boolean> corrected(Tenant tenant, String entityId, List<Step> steps, long tick) {
        Head head = evolutions.touched(tenant, entityId, Ticks.instant(tick));
        List<Step> all = new ArrayList<>(steps);
        if (head != null) {
            all.add(Evolutions.step(tenant, head));
        }
        return new Planned<>(true, all, tick, head);
    }

    Future<Boolean> deleteInstance(Tenant tenant, String entityId, String attribute, String instanceId) {
        return evolve(tenant, entityId, () -> {
            Histories.Placed there = Histories.find(work.engine(), tenant, entityId, attribute, instanceId);
            return there == null
                    ? Planned.nothing(false)
                    : corrected(
                            tenant,
                            entityId,
                            List.of(Step.delete(Column.HISTORY, there.key())),
                            work.ticks().next());
        });
    }

    Future<Boolean> deleteEvolution(Tenant tenant, String entityId) {
        return evolve(tenant, entityId, () -> {
            if (evolutions.head(tenant, entityId, work.ticks()) == null) {
                return Planned.nothing(false);
            }
            byte[] all = Keys.of(tenant.partition(), entityId);
            return new Planned<>(
                    true,
                    List.of(
                            Step.deleteRange(Column.HISTORY, all, Keys.behind(all)),
                            Step.delete(Column.META, Evolutions.key(tenant, entityId))),
                    work.ticks().next(),
                    Evolutions.gone(entityId));
        });
    }

    Future<Condensed> condense(Tenant tenant, String entityId, Condensation condensation, @Nullable Spot from) {
        return evolve(tenant, entityId, () -> {
            Condenser<byte[]> condenser = new Condenser<>(condensation, CONDENSED_AT_ONCE);
            Histories.scan(work.engine(), tenant, entityId, condensation, from, condenser);
            condenser.end();
            List<Step> steps = new ArrayList<>();
            // The instances bring their times.
            for (Condenser.Replacement<byte[]> window : condenser.replacements()) {
                window.gone().forEach(key -> steps.add(Step.delete(Column.HISTORY, key)));
                Histories.put(tenant, entityId, window.come(), window.begin(), steps);
            }
            return new Planned<>(condenser.result(), steps, 0, null);
        });
    }

    Future<Void> takeOver(Tenant snapshot, Head head, List<TemporalInstance> instances) {
        return this.<Boolean>evolve(snapshot, head.entityId(), () -> {
                    long tick = work.ticks().next();
                    List<Step> steps = new ArrayList<>();
                    Histories.put(snapshot, head.entityId(), instances, Ticks.instant(tick), steps);
                    Head after = evolutions.with(snapshot, head);
                    steps.add(Evolutions.step(snapshot, after));
                    return new Planned<>(true, steps, tick, after);
                })
                .mapEmpty();
    }

    /** Plans on a reader and commits; behind earlier writes of the same evolution, so that what was read is still so. */
    private <T> Future<T> evolve(Tenant tenant, String entityId, Callable<Planned<T>> plan) {
        RuntimeException refusal = work.admission().admit(1);
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        Reply<T> reply = new Reply<>();
        EntityKey key = new EntityKey(tenant, entityId);
        Promise<Void> turn = Promise.promise();
        Future<Void> before = turns.put(key, turn.future());
        (before == null ? Future.<Void>succeededFuture() : before)
                .compose(v -> work.readers().executeBlocking(plan, false))
                .onComplete(planned -> {
                    if (planned.failed()) {
                        work.admission().release(1);
                        endTurn(key, turn);
                        reply.fail(planned.cause());
                        return;
                    }
                    work.committer().submit(new EvolutionItem<>(key, planned.result(), turn, reply));
                });
        return reply.future();
    }

    private void endTurn(EntityKey key, Promise<Void> turn) {
        turns.remove(key, turn.future());
        turn.complete();
    }

    private final class EvolutionItem<T> extends Places.PlacedItem {
        private final EntityKey key;
        private final Planned<T> planned;
        private final Promise<Void> turn;
        private final Reply<T> reply;

        EvolutionItem(EntityKey key, Planned<T> planned, Promise<Void> turn, Reply<T> reply) {
            super(work.places(), key.tenant());
            this.key = key;
            this.planned = planned;
            this.turn = turn;
            this.reply = reply;
        }

        @Override
        boolean write(GroupCommitter.Group group) {
            if (planned.steps().isEmpty()) {
                return false;
            }
            group.addAll(planned.steps());
            group.tick(planned.tick());
            return true;
        }

        @Override
        void settled(@Nullable RuntimeException failed) {
            work.admission().release(1);
            if (failed == null && !planned.steps().isEmpty()) {
                Head head = planned.head();
                if (head != null) {
                    evolutions.keep(key.tenant(), head);
                }
            }
            endTurn(key, turn);
            if (failed != null) {
                reply.fail(failed);
            } else {
                reply.succeed(planned.result());
            }
        }

        @Override
        int shard() {
            return -1;
        }
    }
}
