package de.freiraum.store.embedded;

import de.freiraum.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An engine in memory whose disk can be held up or break. */
final class FaultyEngine implements Engine {
    private final MemoryEngine memory = new MemoryEngine();
    private final Semaphore gate = new Semaphore(0);
    private volatile boolean held;
    private volatile boolean broken;

    /** Commits wait from now on. */
    void hold() {
        held = true;
    }

    /** Waiting commits and later ones go on. */
    void letGo() {
        held = false;
        gate.release(1_000_000);
    }

    /** Commits fail from now on. */
    void breakDown() {
        broken = true;
    }

    @Override
    public void commit(List<Step> steps) {
        if (held) {
            try {
                if (!gate.tryAcquire(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the test forgot to let go");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (broken) {
            throw new StoreException("the disk is full", new IOException("no space left"));
        }
        memory.commit(steps);
    }

    @Override
    public void flush() {
        memory.flush();
    }

    @Override
    public byte @Nullable [] get(Column column, byte[] key) {
        return memory.get(column, key);
    }

    @Override
    public Cursor cursor(Column column) {
        return memory.cursor(column);
    }

    @Override
    public void copyTo(Path directory) {
        memory.copyTo(directory);
    }

    @Override
    public void close() {
        memory.close();
    }
}
