package de.freiraum.store.embedded;

import de.freiraum.model.Tenant;
import de.freiraum.store.StoreException;
import de.freiraum.store.change.Ticks;
import de.freiraum.store.embedded.Engine.Column;
import de.freiraum.store.embedded.Engine.Cursor;
import de.freiraum.store.embedded.Engine.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What is found on the disk when a store is opened. */
record Recovered(
        Engine engine,
        CommittedEntities entities,
        Evolutions evolutions,
        Places places,
        String storeId,
        long lastTick) {
    private static final byte[] STORE_ID_KEY = Keys.of("store");
    private static final int LOADED_AT_ONCE = 8192;

    /** Reads everything that is kept in memory; closes the engine if that fails. */
    static Recovered read(Engine engine, EmbeddedOptions options, Ticks ticks) {
        try {
            long lastTick = GroupCommitter.lastTickOf(engine);
            ticks.continueAfter(lastTick);
            CommittedEntities entities = new CommittedEntities();
            readEntities(engine, entities);
            Evolutions evolutions = Evolutions.read(engine, entities, options.deleteHistoryWithEntity());
            return new Recovered(engine, entities, evolutions, Places.read(engine), storeId(engine, ticks), lastTick);
        } catch (RuntimeException e) {
            engine.close();
            throw e instanceof StoreException
                    ? e
                    : new StoreException(
                            "the data directory " + options.directory() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Reads in order and fills the indexes on all processors. */
    private static void readEntities(Engine engine, CommittedEntities entities) {
        try (Cursor cursor = engine.cursor(Column.ENTITIES)) {
            List<Stored> chunk = new ArrayList<>(LOADED_AT_ONCE);
            for (cursor.seek(new byte[0]); cursor.valid(); cursor.next()) {
                chunk.add(new Stored(cursor.key(), cursor.value()));
                if (chunk.size() == LOADED_AT_ONCE) {
                    load(chunk, entities);
                    chunk.clear();
                }
            }
            load(chunk, entities);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Stored(byte[] key, byte[] value) {}

    private static void load(List<Stored> chunk, CommittedEntities entities) {
        chunk.parallelStream().forEach(stored -> {
            String[] parts = Keys.parts(stored.key(), 2);
            entities.load(Tenant.ofPartition(parts[0]), parts[1], StoredEntity.read(stored.value()));
        });
    }

    /** A store is named by the time of its making. */
    private static String storeId(Engine engine, Ticks ticks) {
        byte[] stored = engine.get(Column.META, STORE_ID_KEY);
        if (stored != null) {
            return new String(stored, StandardCharsets.UTF_8);
        }
        String id = Long.toString(ticks.next(), Character.MAX_RADIX);
        engine.commit(List.of(Step.put(Column.META, STORE_ID_KEY, id.getBytes(StandardCharsets.UTF_8))));
        return id;
    }
}
