package de.freiraum.store.embedded;

import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.store.StoreException;
import de.freiraum.store.embedded.Engine.Column;
import de.freiraum.store.embedded.Engine.Cursor;
import de.freiraum.store.embedded.Engine.Step;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The tenants that have appeared, and the places of snapshots (5.16). Callable from any thread. */
final class Places {
    private static final byte[] PREFIX = Keys.of("tenant");

    private final Set<Tenant> tenants = ConcurrentHashMap.newKeySet();
    private final Set<Tenant> snapshots = ConcurrentHashMap.newKeySet();

    /** Those that the engine knows. */
    static Places read(Engine engine) {
        Places places = new Places();
        places.tenants.add(Tenant.DEFAULT);
        try (Cursor cursor = engine.cursor(Column.META)) {
            for (cursor.seek(PREFIX); cursor.valid() && Keys.startsWith(cursor.key(), PREFIX); cursor.next()) {
                Tenant found = Tenant.ofPartition(Keys.parts(cursor.key(), 2)[1]);
                (found.isSnapshot() ? places.snapshots : places.tenants).add(found);
            }
        }
        return places;
    }

    Set<Tenant> tenants() {
        return Collections.unmodifiableSet(tenants);
    }

    Set<Tenant> snapshots() {
        return Collections.unmodifiableSet(snapshots);
    }

    /** Whether it is a snapshot that was not created or is deleted. */
    boolean isGone(Tenant tenant) {
        return tenant.isSnapshot() && !snapshots.contains(tenant);
    }

    static NgsiLdException gone(Tenant tenant) {
        return NgsiLdException.notFound("there is no snapshot " + clip(String.valueOf(tenant.snapshot())));
    }

    private static String clip(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    /** Writes down a tenant at its first appearance; snapshots are created beforehand. On the committing thread. */
    private void remember(Tenant tenant, GroupCommitter.Group group) {
        if (!tenant.isSnapshot() && !tenants.contains(tenant)) {
            group.add(Step.put(Column.META, tenantKey(tenant), new byte[0]));
        }
    }

    private void known(Tenant tenant) {
        if (!tenant.isSnapshot()) {
            tenants.add(tenant);
        }
    }

    /** Makes the place of a snapshot. On the committing thread. */
    void create(Tenant snapshot, GroupCommitter.Group group) {
        group.add(Step.put(Column.META, tenantKey(snapshot), new byte[0]));
        snapshots.add(snapshot);
    }

    /** Deletes the place of a snapshot with everything in it; what is written for it later is refused. On the committing thread. */
    void delete(Tenant snapshot, GroupCommitter.Group group) {
        if (!snapshots.remove(snapshot)) {
            return;
        }
        byte[] all = Keys.of(snapshot.partition());
        byte[] heads = Evolutions.keys(snapshot);
        group.add(Step.delete(Column.META, tenantKey(snapshot)));
        group.addAll(List.of(
                Step.deleteRange(Column.META, heads, Keys.behind(heads)),
                Step.deleteRange(Column.ENTITIES, all, Keys.behind(all)),
                Step.deleteRange(Column.HISTORY, all, Keys.behind(all)),
                Step.deleteRange(Column.DOCUMENTS, all, Keys.behind(all))));
    }

    private static byte[] tenantKey(Tenant tenant) {
        return Keys.of("tenant", tenant.partition());
    }

    /** What is written for a tenant or into a snapshot; refused if the snapshot is gone by the time of writing. */
    abstract static class PlacedItem extends GroupCommitter.Item {
        private final Places places;
        private final Tenant tenant;
        private boolean gone;
        private boolean wrote;

        PlacedItem(Places places, Tenant tenant) {
            this.places = places;
            this.tenant = tenant;
        }

        /**
         * Adds the steps.
         *
         * @return whether there were any, so that the tenant exists from now on
         */
        abstract boolean write(GroupCommitter.Group group);

        /** Called once after it was written, or why not. */
        abstract void settled(@Nullable RuntimeException failed);

        @Override
        final void collect(GroupCommitter.Group group) {
            gone = places.isGone(tenant);
            wrote = !gone && write(group);
            if (wrote) {
                places.remember(tenant, group);
            }
        }

        @Override
        final void settle(@Nullable StoreException failed) {
            if (failed == null && wrote) {
                places.known(tenant);
            }
            settled(failed == null && gone ? gone(tenant) : failed);
        }
    }
}
