package de.freiraum.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link SnapshotStore} does, together with the other roles of the store. */
public abstract class SnapshotStoreContract extends StoreContract {
    private static final String A = "urn:ngsi-ld:T:a";
    private static final Tenant SNAPSHOT = TENANT.snapshot("urn:ngsi-ld:Snapshot:1");
    private static final Tenant SIBLING = TENANT.snapshot("urn:ngsi-ld:Snapshot:11");
    private static final byte[] DOCUMENT = "x".getBytes(StandardCharsets.UTF_8);

    @Test
    void aSnapshotHoldsEntitiesApartFromItsTenant() {
        commit(A, set(A, 1));
        await(snapshots().createSnapshot(SNAPSHOT));
        await(entities().apply(SNAPSHOT, A, set(A, 2), Origin.API));

        assertThat(number(retrieve(A))).isEqualTo(1);
        assertThat(number(await(entities().retrieve(SNAPSHOT, A)))).isEqualTo(2);
        assertThat(await(entities().types(SNAPSHOT))).hasSize(1);
    }

    @Test
    void aSnapshotIsNoTenant() {
        await(snapshots().createSnapshot(SNAPSHOT));
        await(entities().apply(SNAPSHOT, A, set(A, 2), Origin.API));

        assertThat(entities().tenants()).containsExactly(TENANT);
        assertThat(snapshots().snapshots()).containsExactly(SNAPSHOT);
    }

    @Test
    void nothingIsWrittenToASnapshotThatIsNotThere() {
        assertRefused(entities().apply(SNAPSHOT, A, set(A, 1), Origin.API));
        assertRefused(documents().put(SNAPSHOT, "c", "k", DOCUMENT));
        assertRefused(history().add(SNAPSHOT, A, List.of(TYPE), List.of(), true));
        assertThat(await(entities().retrieve(SNAPSHOT, A))).isNull();
        assertThat(await(history().head(SNAPSHOT, A))).isNull();
    }

    @Test
    void whatComesFromElsewhereIsNeitherHistoryNorPublished() {
        Entity entity = Objects.requireNonNull(commit(A, set(A, 1)).after());
        published.clear();
        await(snapshots().createSnapshot(SNAPSHOT));
        await(entities().apply(SNAPSHOT, A, (before, now) -> Outcome.of(entity, UpdateResult.EMPTY), Origin.SNAPSHOT));

        assertThat(await(entities().retrieve(SNAPSHOT, A))).isEqualTo(entity);
        assertThat(instances(SNAPSHOT)).isEmpty();
        assertThat(published).isEmpty();
    }

    @Test
    void changesOfASnapshotArePublishedAsItsOwn() {
        await(snapshots().createSnapshot(SNAPSHOT));
        await(entities().apply(SNAPSHOT, A, set(A, 1), Origin.API));

        assertThat(published).extracting(Change::tenant).containsExactly(SNAPSHOT);
        assertThat(instances(SNAPSHOT)).hasSize(1);
    }

    @Test
    void anEvolutionIsTakenOverWithItsIdsAndTimes() {
        commit(A, set(A, 1));
        commit(A, set(A, 2));
        List<TemporalInstance> original = instances(TENANT);
        Head head = Objects.requireNonNull(await(history().head(TENANT, A)));
        await(snapshots().createSnapshot(SNAPSHOT));
        await(snapshots().takeOver(SNAPSHOT, head, original));
        await(snapshots().takeOver(SNAPSHOT, head, original));

        assertThat(instances(SNAPSHOT)).isEqualTo(original);
        assertThat(await(history().head(SNAPSHOT, A))).isEqualTo(head);
        assertThat(await(entities().retrieve(SNAPSHOT, A))).isNull();
    }

    @Test
    void aDeletedSnapshotLeavesNothing() {
        fill(SNAPSHOT);
        fill(SIBLING);
        commit(A, set(A, 1));
        await(snapshots().deleteSnapshot(SNAPSHOT));

        assertEmpty(SNAPSHOT);
        assertThat(number(await(entities().retrieve(SIBLING, A)))).isEqualTo(7);
        assertThat(instances(SIBLING)).hasSize(1);
        assertThat(await(documents().get(SIBLING, "c", "k"))).isEqualTo(DOCUMENT);
        assertThat(number(retrieve(A))).isEqualTo(1);
        assertRefused(entities().apply(SNAPSHOT, A, set(A, 1), Origin.API));
    }

    @Test
    void aSnapshotOfADeletedOnesNameIsEmpty() {
        fill(SNAPSHOT);
        await(snapshots().deleteSnapshot(SNAPSHOT));
        await(snapshots().createSnapshot(SNAPSHOT));

        assertEmpty(SNAPSHOT);
    }

    @Test
    void whatIsUnderWayWhenASnapshotIsDeletedIsGoneOrRefused() {
        await(snapshots().createSnapshot(SNAPSHOT));
        List<Future<?>> writes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            writes.add(entities().apply(SNAPSHOT, A + i, set(A + i, i), Origin.API));
            writes.add(documents().put(SNAPSHOT, "c", "k" + i, DOCUMENT));
            writes.add(history().add(SNAPSHOT, A + i, List.of(TYPE), List.of(), true));
            if (i == 100) {
                writes.add(snapshots().deleteSnapshot(SNAPSHOT));
            }
        }
        await(Future.join(writes).otherwiseEmpty());
        await(snapshots().createSnapshot(SNAPSHOT));

        assertEmpty(SNAPSHOT);
    }

    @Test
    void deletingWhatIsNotThereIsNoError() {
        await(snapshots().deleteSnapshot(SNAPSHOT));
        assertThat(snapshots().snapshots()).isEmpty();
    }

    @Test
    void snapshotsOutliveTheStore() {
        assumeTrue(persistent());
        fill(SNAPSHOT);
        fill(SIBLING);
        await(snapshots().deleteSnapshot(SIBLING));
        reopen();

        assertThat(snapshots().snapshots()).containsExactly(SNAPSHOT);
        assertThat(number(await(entities().retrieve(SNAPSHOT, A)))).isEqualTo(7);
        assertThat(instances(SNAPSHOT)).hasSize(1);
        assertThat(entities().tenants()).containsExactly(TENANT);
        assertEmpty(SIBLING);
    }

    private void fill(Tenant snapshot) {
        await(snapshots().createSnapshot(snapshot));
        await(entities().apply(snapshot, A, set(A, 7), Origin.API));
        await(history().add(snapshot, "urn:ngsi-ld:T:past", List.of(TYPE), List.of(), true));
        await(documents().put(snapshot, "c", "k", DOCUMENT));
    }

    private void assertEmpty(Tenant snapshot) {
        assertThat(await(entities().query(snapshot, EntityQuery.ALL, 0, 10, true))
                        .count())
                .isZero();
        assertThat(await(history().heads(snapshot, EntityQuery.ALL, null, 10))).isEmpty();
        assertThat(instances(snapshot)).isEmpty();
        assertThat(await(documents().list(snapshot, "c", null, 10))).isEmpty();
    }

    private List<TemporalInstance> instances(Tenant tenant) {
        return await(history().instances(tenant, A, Set.of(), Range.ALL));
    }

    private static void assertRefused(Future<?> write) {
        assertThatThrownBy(() -> await(write)).isInstanceOfSatisfying(NgsiLdException.class, e -> assertThat(e.type())
                .isEqualTo(ErrorType.ResourceNotFound));
    }
}
