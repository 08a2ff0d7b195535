package de.freiraum.app.transfer;

import de.freiraum.json.ModelCodec;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.store.EntityStore.EntityWrite;
import de.freiraum.store.EntityStore.WriteResult;
import de.freiraum.store.Store;
import de.freiraum.store.TemporalStore.Head;
import io.vertx.core.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts what an export wrote into a store: entities and instances keep their times and ids, nobody is notified. What has the same name is
 * written over, so that an import that broke off can be repeated. Used by one thread, which waits.
 */
public final class StoreImport {
    private static final int ENTITIES_AT_ONCE = 500;
    private static final int WRITES_AT_ONCE = 64;
    private static final int INSTANCES_AT_ONCE = 2000;

    private final Store store;
    private final BufferedReader in;
    private final Progress progress;
    private final List<EntityWrite> entities = new ArrayList<>();
    private final List<Future<?>> writes = new ArrayList<>();
    private Tenant tenantOfEntities = Tenant.DEFAULT;
    private long lines;
    private long done;

    /**
     * An import.
     *
     * @param progress hears how many entities are read
     */
    public StoreImport(Store store, BufferedReader in, Progress progress) {
        this.store = store;
        this.in = in;
        this.progress = progress;
    }

    /** Reads to the end. @return how many entities. @throws IOException if the file is no export, or ends too early */
    public long run() throws IOException {
        Value.Obj start = Lines.read(Objects.requireNonNullElse(next(), ""), 1);
        if (!Lines.text(start, "freiraum").equals("export") || Lines.number(start, "format") != Lines.FORMAT) {
            throw new IOException("this is no export of format " + Lines.FORMAT);
        }
        long total = Lines.number(start, "evolutions");
        for (String line = next(); line != null; line = next()) {
            Value.Obj read = Lines.read(line, lines);
            Tenant tenant = new Tenant(Lines.text(read, "tenant"));
            if (read.get("document") != null) {
                write(store.put(
                        tenant,
                        Lines.text(read, "collection"),
                        Lines.text(read, "document"),
                        Base64.getDecoder().decode(Lines.text(read, "base64"))));
            } else {
                evolution(tenant, read);
                progress.at(++done, Math.max(done, total));
            }
        }
        flushEntities();
        flushWrites();
        progress.at(done, done);
        return done;
    }

    private @Nullable String next() throws IOException {
        lines++;
        return in.readLine();
    }

    private String expected() throws IOException {
        String line = next();
        if (line == null) {
            throw new IOException("the file ends in the middle of an entity, at line " + lines);
        }
        return line;
    }

    private void evolution(Tenant tenant, Value.Obj line) throws IOException {
        Head head = Lines.head(line);
        if (Value.Bool.TRUE.equals(line.get("current"))) {
            if (!tenant.equals(tenantOfEntities) || entities.size() == ENTITIES_AT_ONCE) {
                flushEntities();
                tenantOfEntities = tenant;
            }
            Entity entity = ModelCodec.entityFromText(expected());
            // Origin SNAPSHOT: as it was elsewhere, neither history nor published.
            entities.add(new EntityWrite(entity.id(), (before, now) -> Outcome.of(entity, UpdateResult.EMPTY)));
        }
        List<TemporalInstance> instances = new ArrayList<>();
        for (long left = Lines.number(line, "instances"); left > 0; left--) {
            instances.add(ModelCodec.instanceFromText(expected()));
            if (instances.size() == INSTANCES_AT_ONCE) {
                write(store.takeOver(tenant, head, List.copyOf(instances)));
                instances.clear();
            }
        }
        if (!instances.isEmpty() || line.get("current") == null || !Value.Bool.TRUE.equals(line.get("current"))) {
            write(store.takeOver(tenant, head, instances));
        }
    }

    private void flushEntities() {
        if (!entities.isEmpty()) {
            for (WriteResult result : store.applyAll(tenantOfEntities, List.copyOf(entities), Origin.SNAPSHOT)
                    .await()) {
                if (result.error() != null) {
                    throw result.error();
                }
            }
            entities.clear();
        }
    }

    private void write(Future<?> write) {
        writes.add(write);
        if (writes.size() >= WRITES_AT_ONCE) {
            flushWrites();
        }
    }

    private void flushWrites() {
        Future.all(List.copyOf(writes)).await();
        writes.clear();
    }
}
