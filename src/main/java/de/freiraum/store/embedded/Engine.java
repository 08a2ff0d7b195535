package de.freiraum.store.embedded;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ordered bytes by bytes, in four columns, written in atomic groups by one thread and read by any. Every method may block. */
interface Engine {

    /** Key spaces. */
    enum Column {
        /** Format, clock, tenants. */
        META,
        /** Current entities. */
        ENTITIES,
        /** Instances of attributes. */
        HISTORY,
        /** Documents. */
        DOCUMENTS
    }

    /**
     * One step of a group.
     *
     * @param value what to write; null: delete
     * @param end if not null, delete all keys from {@code key} up to and without it
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Step(Column column, byte[] key, byte @Nullable [] value, byte @Nullable [] end) {
        static Step put(Column column, byte[] key, byte[] value) {
            return new Step(column, key, value, null);
        }

        static Step delete(Column column, byte[] key) {
            return new Step(column, key, null, null);
        }

        static Step deleteRange(Column column, byte[] from, byte[] end) {
            return new Step(column, from, null, end);
        }
    }

    /** A position among the keys of a column; used by one thread, and closed by it. */
    interface Cursor extends AutoCloseable {
        /** Goes to the first key that is not before this one. */
        void seek(byte[] key);

        /** Goes to the last key that is before this one. */
        void seekBefore(byte[] key);

        boolean valid();

        void next();

        void previous();

        byte[] key();

        byte[] value();

        @Override
        void close();
    }

    /** Writes all steps in their order, or none. @throws de.freiraum.store.StoreException if that fails */
    void commit(List<Step> steps);

    /**
     * After a commit failed because there was no space: goes back to what is surely written, if there is space again. May wait for reads, and
     * refuses them if it fails.
     *
     * @return whether something can be written
     * @throws de.freiraum.store.StoreException if it fails
     */
    default boolean recover() {
        return true;
    }

    /** Brings everything written so far to the disk. */
    void flush();

    byte @Nullable [] get(Column column, byte[] key);

    Cursor cursor(Column column);

    /** Writes a consistent copy into a directory that does not exist yet. */
    void copyTo(Path directory);

    /** Waits for running reads and releases everything. */
    void close();
}
