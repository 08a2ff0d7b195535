package de.freiraum.store.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChange.Outcome;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import de.freiraum.store.EntityStore.Applied;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A process that writes as fast as it is answered until it is killed, and says on standard output what was acknowledged: {@code N w n} for
 * the number n of writer w, {@code C w n} and {@code D w n} for an entity created and deleted.
 */
final class CrashWriter {
    static final int WRITERS = 8;
    static final String TYPE = "https://example.org/T";
    /** Both attributes always have the same number. */
    static final List<String> TWINS = List.of("https://example.org/left", "https://example.org/right");

    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private CrashWriter() {}

    /** Takes the directory of the store. */
    public static void main(String[] arguments) {
        System.setOut(System.err); // whatever is logged must not get between the acknowledgements
        Vertx vertx = Vertx.vertx();
        EmbeddedStore.open(vertx, EmbeddedOptions.at(Path.of(arguments[0]), InstantSource.system()))
                .onSuccess(store -> {
                    for (int writer = 0; writer < WRITERS; writer++) {
                        write(store, writer);
                    }
                })
                .onFailure(CrashWriter::fail);
    }

    static String number(int writer) {
        return "urn:ngsi-ld:Number:" + writer;
    }

    static String shortLived(int writer, long number) {
        return "urn:ngsi-ld:Short:" + writer + ":" + number;
    }

    static boolean isDeletedLater(long number) {
        return number % 10 == 5;
    }

    /** The number of an attribute; 0 without the entity. */
    static long number(@Nullable Entity entity, String attribute) {
        if (entity == null) {
            return 0;
        }
        Attribute value = Objects.requireNonNull(entity.defaultInstance(attribute));
        return ((Value.Num) ((Attribute.Property) value).value()).number().longValue();
    }

    private static void write(EmbeddedStore store, int writer) {
        String id = number(writer);
        store.apply(Tenant.DEFAULT, id, increment(id), Origin.API)
                .map(applied -> say('N', writer, numberOf(applied)))
                .compose(n -> shortLived(store, writer, n))
                .onComplete(done -> {
                    if (done.failed()) {
                        fail(done.cause());
                    } else {
                        write(store, writer);
                    }
                });
    }

    private static Future<?> shortLived(EmbeddedStore store, int writer, long n) {
        if (n % 5 == 0) {
            String id = shortLived(writer, n);
            return store.apply(Tenant.DEFAULT, id, increment(id), Origin.API).map(a -> say('C', writer, n));
        }
        if (n % 5 == 3 && isDeletedLater(n - 3)) {
            String id = shortLived(writer, n - 3);
            return store.apply(Tenant.DEFAULT, id, (before, now) -> Outcome.of(null, UpdateResult.EMPTY), Origin.API)
                    .map(a -> say('D', writer, n - 3));
        }
        return Future.succeededFuture();
    }

    private static long numberOf(Applied applied) {
        return number(Objects.requireNonNull(applied.change()).after(), TWINS.get(0));
    }

    private static EntityChange increment(String id) {
        return (before, now) -> {
            Attribute next = new Attribute.Property(
                    Value.of(number(before, TWINS.get(0)) + 1), AttributeMeta.NONE.withTimes(now, now, null));
            return Outcome.of(
                    new Entity(
                            id,
                            List.of(TYPE),
                            List.of(),
                            Map.of(TWINS.get(0), List.of(next), TWINS.get(1), List.of(next)),
                            now,
                            now,
                            null),
                    UpdateResult.EMPTY);
        };
    }

    private static synchronized long say(char what, int writer, long n) {
        try {
            OUT.write((what + " " + writer + " " + n + "\n").getBytes(US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return n;
    }

    private static void fail(Throwable cause) {
        cause.printStackTrace();
        Runtime.getRuntime().halt(2);
    }
}
