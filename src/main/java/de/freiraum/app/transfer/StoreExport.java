package de.freiraum.app.transfer;

import de.freiraum.json.ModelCodec;
import de.freiraum.model.Entity;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.Store;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes all that is in a store. What changes meanwhile is written as it is when its turn comes. Used by one thread, which waits. */
public final class StoreExport {
    private static final int AT_ONCE = 100;

    private final Store store;
    private final BufferedWriter out;
    private final Progress progress;
    private long total;
    private long done;

    /**
     * An export.
     *
     * @param progress hears how many entities are written
     */
    public StoreExport(Store store, BufferedWriter out, Progress progress) {
        this.store = store;
        this.out = out;
        this.progress = progress;
    }

    /** Writes. @return how many entities, with those that exist in history only */
    public long run() throws IOException {
        List<Tenant> tenants = store.tenants().stream()
                .sorted(Comparator.comparing(Tenant::name))
                .toList();
        for (Tenant tenant : tenants) {
            total += store.query(tenant, EntityQuery.ALL, 0, 0, true).await().count();
        }
        line(Lines.start(total));
        progress.at(0, total);
        for (Tenant tenant : tenants) {
            documents(tenant);
            String last = null;
            do {
                last = evolutions(tenant, last);
            } while (last != null);
        }
        progress.at(done, done);
        out.flush();
        return done;
    }

    private void line(String text) throws IOException {
        out.write(text);
        out.write('\n');
    }

    private void documents(Tenant tenant) throws IOException {
        for (String collection : store.collections(tenant).await()) {
            try {
                store.each(tenant, collection, document -> {
                            try {
                                line(Lines.document(tenant, collection, document));
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                        .await();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }

    /** A page of evolutions. @return the last of them, or null if there are no more */
    private @Nullable String evolutions(Tenant tenant, @Nullable String after) throws IOException {
        List<Head> heads = store.heads(tenant, EntityQuery.ALL, after, AT_ONCE).await();
        if (heads.isEmpty()) {
            return null;
        }
        List<String> ids = heads.stream().map(Head::entityId).toList();
        Future<List<Entity>> read = store.query(tenant, EntityQuery.ALL.withIds(new HashSet<>(ids)), 0, AT_ONCE, false)
                .map(page -> page.entities());
        Map<String, Entity> entities = new HashMap<>();
        read.await().forEach(entity -> entities.put(entity.id(), entity));
        List<List<TemporalInstance>> histories =
                store.instances(tenant, ids, Set.of(), Range.ALL).await();
        for (int i = 0; i < heads.size(); i++) {
            Entity current = entities.get(ids.get(i));
            line(Lines.evolution(
                    tenant, heads.get(i), current != null, histories.get(i).size()));
            if (current != null) {
                line(ModelCodec.toText(current));
            }
            for (TemporalInstance instance : histories.get(i)) {
                line(ModelCodec.toText(instance));
            }
        }
        done += heads.size();
        progress.at(done, Math.max(done, total));
        return heads.size() < AT_ONCE ? null : ids.get(ids.size() - 1);
    }
}
