package de.freiraum.store.embedded;

import de.freiraum.json.ModelCodec;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLd;
import de.freiraum.store.change.Expiry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.locationtech.jts.geom.Envelope;

/**
 * The stored form of an entity: first what the indexes need, then the entity itself. So a start reads the indexes of all entities and decodes
 * none; an entity is decoded when it is first asked for.
 *
 * @param types type IRIs
 * @param expiry when the first part expires, in microseconds since 1970; {@link Long#MAX_VALUE}: never
 * @param boxes of the instances of {@code location}
 * @param bytes the whole stored form
 * @param start where the entity begins in it
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record StoredEntity(List<String> types, long expiry, List<Envelope> boxes, byte[] bytes, int start) {
    private static final byte LAYOUT = 1;

    /** One object for each type, of which there are few. */
    private static final Map<String, String> TYPES = new ConcurrentHashMap<>();

    private static final int MOST_REMEMBERED_TYPES = 10_000;

    /** The stored form. @throws IllegalArgumentException for an entity that cannot be stored */
    static byte[] encode(Entity entity) {
        byte[] body = ModelCodec.encode(entity);
        List<Envelope> boxes = boxes(entity);
        List<byte[]> types = entity.types().stream()
                .map(type -> type.getBytes(StandardCharsets.UTF_8))
                .toList();
        int length = 1 + 8 + 4 + 4 + 32 * boxes.size() + body.length;
        for (byte[] type : types) {
            length += 4 + type.length;
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.put(LAYOUT).putLong(Expiry.next(entity)).putInt(types.size());
        types.forEach(type -> out.putInt(type.length).put(type));
        out.putInt(boxes.size());
        boxes.forEach(box -> out.putDouble(box.getMinX())
                .putDouble(box.getMaxX())
                .putDouble(box.getMinY())
                .putDouble(box.getMaxY()));
        out.put(body);
        return out.array();
    }

    /** Reads the first part. @throws IllegalArgumentException for bytes that are no such form */
    static StoredEntity read(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte layout = in.get();
            if (layout != LAYOUT) {
                throw new IllegalArgumentException(
                        "stored entity of layout " + layout + "; this program reads " + LAYOUT);
            }
            long expiry = in.getLong();
            int count = in.getInt();
            List<String> types = new ArrayList<>(Math.min(count, 16));
            for (int i = 0; i < count; i++) {
                int length = in.getInt();
                types.add(remembered(new String(bytes, in.position(), length, StandardCharsets.UTF_8)));
                in.position(in.position() + length);
            }
            int boxCount = in.getInt();
            List<Envelope> boxes = new ArrayList<>(Math.min(boxCount, 16));
            for (int i = 0; i < boxCount; i++) {
                boxes.add(box(in.getDouble(), in.getDouble(), in.getDouble(), in.getDouble()));
            }
            ModelCodec.checkVersion(bytes, in.position());
            return new StoredEntity(types, expiry, boxes, bytes, in.position());
        } catch (RuntimeException e) {
            throw e instanceof IllegalArgumentException
                    ? e
                    : new IllegalArgumentException("stored bytes are damaged", e);
        }
    }

    /** The entity. */
    Entity decode() {
        return ModelCodec.decodeEntity(bytes, start);
    }

    /** The boxes of the places where an entity is. */
    static List<Envelope> boxes(Entity entity) {
        List<Attribute> instances = entity.attribute(NgsiLd.LOCATION);
        if (instances.isEmpty()) {
            return List.of();
        }
        List<Envelope> boxes = new ArrayList<>(instances.size());
        for (Attribute instance : instances) {
            if (instance instanceof Attribute.GeoProperty location) {
                boxes.add(location.value().shape().getEnvelopeInternal());
            }
        }
        return boxes;
    }

    private static String remembered(String type) {
        String known = TYPES.get(type);
        if (known != null) {
            return known;
        }
        if (TYPES.size() < MOST_REMEMBERED_TYPES) {
            TYPES.put(type, type);
        }
        return type;
    }

    /** An empty geometry has an empty box, whose least is above its greatest; the constructor with numbers would turn it round. */
    private static Envelope box(double minX, double maxX, double minY, double maxY) {
        return minX > maxX ? new Envelope() : new Envelope(minX, maxX, minY, maxY);
    }
}
