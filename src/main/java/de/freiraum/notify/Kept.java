package de.freiraum.notify;

import de.freiraum.json.ModelCodec;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.store.change.Ticks;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The stored form of a change that is to be notified of: the number of bytes of the version before, that version, and the version after. */
final class Kept {
    private Kept() {}

    /** Keys are ordered as the changes are. */
    static String key(Change change) {
        return String.format(Locale.ROOT, "%020d", change.sequence());
    }

    static byte[] encode(Change change) {
        byte[] before = bytes(change.before());
        byte[] after = bytes(change.after());
        return ByteBuffer.allocate(Integer.BYTES + before.length + after.length)
                .putInt(before.length)
                .put(before)
                .put(after)
                .array();
    }

    private static byte[] bytes(@Nullable Entity entity) {
        return entity == null ? new byte[0] : ModelCodec.encode(entity);
    }

    /** The change; that an instance is the same object before and after is not known any more. */
    static Change decode(Tenant tenant, String key, byte[] stored) {
        ByteBuffer buffer = ByteBuffer.wrap(stored);
        Entity before = entity(buffer, buffer.getInt());
        Entity after = entity(buffer, buffer.remaining());
        long sequence = Long.parseLong(key);
        Entity latest = after != null ? after : before;
        if (latest == null) {
            throw new IllegalArgumentException("a change without an entity");
        }
        return new Change(
                tenant, latest.id(), before, after, List.of(), Ticks.instant(sequence), Origin.SYSTEM, sequence);
    }

    private static @Nullable Entity entity(ByteBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return length == 0 ? null : ModelCodec.decodeEntity(bytes);
    }
}
