package de.freiraum.store.embedded;

import de.freiraum.store.StoreException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Keeps history and documents in memory. Entities are left out, since the store holds them anyway. */
final class MemoryEngine implements Engine {
    private final Map<Column, NavigableMap<byte[], byte[]>> columns = new EnumMap<>(Column.class);

    MemoryEngine() {
        for (Column column : Column.values()) {
            columns.put(column, new ConcurrentSkipListMap<>(Arrays::compareUnsigned));
        }
    }

    private NavigableMap<byte[], byte[]> column(Column column) {
        NavigableMap<byte[], byte[]> map = columns.get(column);
        if (map == null) {
            throw new NoSuchElementException(column.name());
        }
        return map;
    }

    @Override
    public void commit(List<Step> steps) {
        for (Step step : steps) {
            if (step.column() == Column.ENTITIES) {
                continue;
            }
            NavigableMap<byte[], byte[]> map = column(step.column());
            byte[] value = step.value();
            byte[] end = step.end();
            if (value != null) {
                map.put(step.key(), value);
            } else if (end != null) {
                map.subMap(step.key(), end).clear();
            } else {
                map.remove(step.key());
            }
        }
    }

    @Override
    public boolean keepsEntities() {
        return false;
    }

    @Override
    public void flush() {
        // nothing is behind the memory
    }

    @Override
    public byte @Nullable [] get(Column column, byte[] key) {
        return column(column).get(key);
    }

    @Override
    public Cursor cursor(Column column) {
        NavigableMap<byte[], byte[]> map = column(column);
        return new Cursor() {
            private Map.@Nullable Entry<byte[], byte[]> at;

            @Override
            public void seek(byte[] key) {
                at = map.ceilingEntry(key);
            }

            @Override
            public void seekBefore(byte[] key) {
                at = map.lowerEntry(key);
            }

            @Override
            public boolean valid() {
                return at != null;
            }

            @Override
            public void next() {
                at = map.higherEntry(key());
            }

            @Override
            public void previous() {
                at = map.lowerEntry(key());
            }

            @Override
            public byte[] key() {
                return here().getKey();
            }

            @Override
            public byte[] value() {
                return here().getValue();
            }

            private Map.Entry<byte[], byte[]> here() {
                if (at == null) {
                    throw new NoSuchElementException();
                }
                return at;
            }

            @Override
            public void close() {
                at = null;
            }
        };
    }

    @Override
    public void copyTo(Path directory) {
        throw new StoreException(
                "a store in memory has no files to copy", new UnsupportedOperationException("durability memory"));
    }

    @Override
    public void close() {
        columns.values().forEach(Map::clear);
    }
}
