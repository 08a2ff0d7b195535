package de.freiraum.ingest.script;

import de.freiraum.ingest.codec.DeviceCodec;
import de.freiraum.ingest.message.MessageJson;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A codec in JavaScript as LoRa Alliance TS013-1.0.0 (Payload Codec API) describes it: {@code decodeUplink({bytes, fPort, recvTime})} returns {@code data},
 * {@code errors} and {@code warnings}.
 */
public final class Ts013Codec implements DeviceCodec {
    /** The longest script, in characters. */
    public static final int MOST_CHARACTERS = 256 * 1024;

    private static final AtomicInteger IDS = new AtomicInteger();

    private final String name;
    private final String script;
    private final int id = IDS.incrementAndGet();

    private Ts013Codec(String name, String script) {
        this.name = name;
        this.script = script;
    }

    /**
     * Reads a script. Only for threads that may wait.
     *
     * @param name of the file
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Ts013Codec of(String name, String script) {
        if (script.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("the script has more than " + MOST_CHARACTERS + " characters");
        }
        Ts013Codec codec = new Ts013Codec(name, script);
        try {
            ScriptProcess.SHARED.define(codec.id, script);
        } catch (Sandbox.Fault | IOException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
        return codec;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isSlow() {
        return true;
    }

    @Override
    public Optional<Value.Obj> decode(int port, byte[] payload) {
        return decode(port, null, payload);
    }

    @Override
    public Optional<Value.Obj> decode(Uplink uplink, byte[] payload) {
        Uplink.Times times = uplink.times();
        Instant received =
                times.network() != null ? times.network() : times.gateway() != null ? times.gateway() : times.server();
        return decode(uplink.port(), received, payload);
    }

    private Optional<Value.Obj> decode(int port, @Nullable Instant received, byte[] payload) {
        Value result;
        try {
            result = MessageJson.read(ScriptProcess.SHARED.decode(id, script, port, received, payload));
        } catch (Sandbox.Fault | ScriptProcess.Ended e) {
            throw Rejection.payload(name + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!(result instanceof Value.Obj object)) {
            throw Rejection.payload(name + ": decodeUplink must return an object with data or errors");
        }
        if (object.get("errors") instanceof Value.Array errors
                && !errors.items().isEmpty()) {
            Value first = errors.items().get(0);
            throw Rejection.payload(
                    name + ": " + Rejection.clip(first instanceof Value.Text text ? text.text() : first.toString()));
        }
        Value data = object.get("data");
        if (data == null || data instanceof Value.Null) {
            return Optional.empty();
        }
        if (data instanceof Value.Obj fields) {
            return Optional.of(fields);
        }
        throw Rejection.payload(name + ": data must be an object");
    }
}
