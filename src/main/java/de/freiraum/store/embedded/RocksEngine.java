package de.freiraum.store.embedded;

import de.freiraum.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** RocksDB in one directory. docs/storage.md describes the format. */
final class RocksEngine implements Engine {
    /** The version of what is in the directory as a whole. */
    static final int FORMAT = 1;

    private static final Logger LOG = LoggerFactory.getLogger(RocksEngine.class);
    private static final byte[] FORMAT_KEY = Keys.of("format");
    private static final long MIB = 1 << 20;
    private static final long CACHE = 64 * MIB;
    private static final long ALL_WRITE_BUFFERS = 64 * MIB;
    private static final long WRITE_BUFFER = 32 * MIB;
    private static final long SMALL_WRITE_BUFFER = 4 * MIB;
    private static final long MAX_WAL = 128 * MIB;

    /** Beside the size of the logs, which become tables. */
    private static final long SPACE_TO_RECOVER = 2 * MIB;

    private final Path directory;
    /** Native objects in the order of their making; released in the opposite order. */
    private final Deque<AutoCloseable> natives = new ArrayDeque<>();

    private final Map<Column, ColumnFamilyHandle> columns = new EnumMap<>(Column.class);
    private final boolean sync;
    private RocksDB db;
    private WriteOptions writeOptions;
    private ReadOptions readOptions;
    private final ReadWriteLock reading = new ReentrantReadWriteLock();
    private boolean closed;

    /**
     * Opens or creates the files.
     *
     * @param sync whether each commit reaches the disk before it returns
     * @throws StoreException naming the cause: in use by another process, a newer format, damage
     */
    RocksEngine(Path directory, boolean sync) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StoreException("the data directory " + directory + " cannot be created: " + e.getMessage(), e);
        }
        this.sync = sync;
        RocksDB.loadLibrary();
        try {
            writeOptions = native_(new WriteOptions().setSync(sync));
            readOptions = native_(new ReadOptions());
            db = openDatabase();
            checkFormat();
        } catch (RocksDBException e) {
            release();
            throw explain("cannot be opened", e);
        } catch (RuntimeException e) {
            release();
            throw e;
        }
    }

    private RocksDB openDatabase() throws RocksDBException {
        Cache cache = native_(new LRUCache(CACHE));
        DBOptions options = native_(new DBOptions());
        options.setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                // After a crash the log may end in a group that was not written whole. Such a group was never
                // acknowledged, so recovery
                // stops in front of it. The stricter mode would refuse to start after every loss of power; the laxer
                // ones could
                // take up groups behind a gap.
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setMaxTotalWalSize(MAX_WAL)
                .setDbWriteBufferSize(ALL_WRITE_BUFFERS)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(512)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(4 * MIB)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
        ColumnFamilyOptions large = columnOptions(cache, WRITE_BUFFER);
        ColumnFamilyOptions small = columnOptions(cache, SMALL_WRITE_BUFFER);
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, small));
        for (Column column : Column.values()) {
            descriptors.add(new ColumnFamilyDescriptor(
                    nameOf(column), column == Column.ENTITIES || column == Column.HISTORY ? large : small));
        }
        // A newer format may have more columns; they must be opened too before its number can be read.
        for (String other : unknownColumns()) {
            descriptors.add(new ColumnFamilyDescriptor(other.getBytes(StandardCharsets.UTF_8), small));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        RocksDB opened = native_(RocksDB.open(options, directory.toString(), descriptors, handles));
        handles.forEach(this::native_);
        int index = 1;
        for (Column column : Column.values()) {
            columns.put(column, handles.get(index++));
        }
        return opened;
    }

    private Set<String> unknownColumns() throws RocksDBException {
        if (!Files.exists(directory.resolve("CURRENT"))) {
            return Set.of();
        }
        Set<String> known = new java.util.HashSet<>();
        known.add("default");
        for (Column column : Column.values()) {
            known.add(new String(nameOf(column), StandardCharsets.UTF_8));
        }
        try (Options options = new Options()) {
            return RocksDB.listColumnFamilies(options, directory.toString()).stream()
                    .map(name -> new String(name, StandardCharsets.UTF_8))
                    .filter(name -> !known.contains(name))
                    .collect(Collectors.toSet());
        }
    }

    private ColumnFamilyOptions columnOptions(Cache cache, long writeBuffer) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(16 * 1024)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFormatVersion(5)
                .setFilterPolicy(native_(new BloomFilter(10, false)));
        return native_(new ColumnFamilyOptions())
                .setWriteBufferSize(writeBuffer)
                .setLevelCompactionDynamicLevelBytes(true)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION)
                .setTableFormatConfig(table);
    }

    private void checkFormat() throws RocksDBException {
        byte[] stored = db.get(handle(Column.META), FORMAT_KEY);
        if (stored == null) {
            try (WriteOptions synced = new WriteOptions().setSync(true)) {
                db.put(
                        handle(Column.META),
                        synced,
                        FORMAT_KEY,
                        Integer.toString(FORMAT).getBytes(StandardCharsets.UTF_8));
            }
            return;
        }
        String found = new String(stored, StandardCharsets.UTF_8);
        if (!found.equals(Integer.toString(FORMAT))) {
            String message = "the data directory " + directory + " has storage format " + found
                    + "; this program reads format " + FORMAT + ": use the program that wrote it, or a newer one";
            throw new StoreException(message, new IllegalStateException("storage format " + found));
        }
    }

    @Override
    public void commit(List<Step> steps) {
        try (WriteBatch batch = new WriteBatch()) {
            for (Step step : steps) {
                ColumnFamilyHandle column = handle(step.column());
                byte[] value = step.value();
                byte[] end = step.end();
                if (value != null) {
                    batch.put(column, step.key(), value);
                } else if (end != null) {
                    batch.deleteRange(column, step.key(), end);
                } else {
                    batch.delete(column, step.key());
                }
            }
            db.write(writeOptions, batch);
        } catch (RocksDBException e) {
            throw explain("cannot be written", e);
        }
    }

    /** RocksDB does not go on after its log could not be written, so it is opened again; that it reads and writes all tables of the log. */
    @Override
    public boolean recover() {
        reading.writeLock().lock();
        try {
            if (closed || Files.getFileStore(directory).getUsableSpace() < SPACE_TO_RECOVER + sizeOfLogs()) {
                return false;
            }
            release();
            writeOptions = native_(new WriteOptions().setSync(sync));
            readOptions = native_(new ReadOptions());
            db = openDatabase();
            return true;
        } catch (IOException e) {
            throw new StoreException("the space in " + directory + " is not known: " + e.getMessage(), e);
        } catch (RocksDBException e) {
            release();
            throw explain("cannot be opened again", e);
        } finally {
            reading.writeLock().unlock();
        }
    }

    private long sizeOfLogs() throws IOException {
        long size = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path log : files.filter(file -> file.toString().endsWith(".log")).toList()) {
                size += Files.size(log);
            }
        }
        return size;
    }

    @Override
    public void flush() {
        try {
            db.flushWal(true);
        } catch (RocksDBException e) {
            throw explain("cannot be written", e);
        }
    }

    @Override
    public byte @Nullable [] get(Column column, byte[] key) {
        startReading();
        try {
            return db.get(handle(column), readOptions, key);
        } catch (RocksDBException e) {
            throw explain("cannot be read", e);
        } finally {
            reading.readLock().unlock();
        }
    }

    @Override
    public Cursor cursor(Column column) {
        startReading();
        return new RocksCursor(db.newIterator(handle(column), readOptions));
    }

    private void startReading() {
        reading.readLock().lock();
        if (closed || natives.isEmpty()) {
            reading.readLock().unlock();
            throw StoreException.unavailable(closed ? "the store is closed" : "the store waits for space");
        }
    }

    @Override
    public void copyTo(Path target) {
        startReading();
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(target.toString());
        } catch (RocksDBException e) {
            throw explain("cannot be copied to " + target, e);
        } finally {
            reading.readLock().unlock();
        }
    }

    @Override
    public void close() {
        reading.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                if (!natives.isEmpty()) {
                    flushTables();
                    release();
                }
            }
        } finally {
            reading.writeLock().unlock();
        }
    }

    /** Leaves as little as possible in the log, which the next start would have to read. */
    private void flushTables() {
        try (FlushOptions options = new FlushOptions()) {
            db.flush(options, List.copyOf(columns.values()));
        } catch (RocksDBException e) {
            LOG.warn(
                    "tables could not be written on closing; the log holds everything, and the next start reads it", e);
        }
    }

    private void release() {
        while (!natives.isEmpty()) {
            AutoCloseable last = natives.removeLast();
            try {
                last.close();
            } catch (Exception e) {
                throw new IllegalStateException("a native object cannot be closed", e);
            }
        }
    }

    private <T extends AutoCloseable> T native_(T object) {
        natives.addLast(object);
        return object;
    }

    private ColumnFamilyHandle handle(Column column) {
        ColumnFamilyHandle handle = columns.get(column);
        if (handle == null) {
            throw new NoSuchElementException(column.name());
        }
        return handle;
    }

    private static byte[] nameOf(Column column) {
        return column.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }

    private StoreException explain(String what, RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        Status status = e.getStatus();
        Status.Code code = status == null ? Status.Code.Undefined : status.getCode();
        String reason;
        if (message.contains("lock") && message.contains("LOCK")) {
            reason = "it is in use by another process (file LOCK)";
        } else if (code == Status.Code.Corruption || message.startsWith("Corruption")) {
            reason = "its files are damaged (" + message + "); restore it from a backup";
        } else {
            reason = message;
        }
        String text = "the data directory " + directory + " " + what + ": " + reason;
        return status != null && status.getSubCode() == Status.SubCode.NoSpace
                ? StoreException.full(text, e)
                : new StoreException(text, e);
    }

    private final class RocksCursor implements Cursor {
        private final RocksIterator iterator;

        RocksCursor(RocksIterator iterator) {
            this.iterator = iterator;
        }

        @Override
        public void seek(byte[] key) {
            iterator.seek(key);
        }

        @Override
        public void seekBefore(byte[] key) {
            iterator.seekForPrev(key);
            if (iterator.isValid() && java.util.Arrays.equals(iterator.key(), key)) {
                iterator.prev();
            }
        }

        @Override
        public boolean valid() {
            if (iterator.isValid()) {
                return true;
            }
            try {
                iterator.status();
            } catch (RocksDBException e) {
                throw explain("cannot be read", e);
            }
            return false;
        }

        @Override
        public void next() {
            iterator.next();
        }

        @Override
        public void previous() {
            iterator.prev();
        }

        @Override
        public byte[] key() {
            return iterator.key();
        }

        @Override
        public byte[] value() {
            return iterator.value();
        }

        @Override
        public void close() {
            iterator.close();
            reading.readLock().unlock();
        }
    }
}
