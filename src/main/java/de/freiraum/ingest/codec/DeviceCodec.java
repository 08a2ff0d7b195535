package de.freiraum.ingest.codec;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.model.Value;
import java.util.Optional;

/** What a device's bytes mean. */
public interface DeviceCodec {

    /** Maker, model and version of our reading, such as {@code bosch-tps110@1}. A change of meaning is a new version. */
    String name();

    /**
     * Decodes one payload.
     *
     * @param port LoRaWAN FPort
     * @param payload at least one byte; not modified
     * @return named fields; empty for ports and frames that carry no state
     * @throws Rejection BAD_PAYLOAD when length or content do not fit the layout
     */
    Optional<Value.Obj> decode(int port, byte[] payload);

    /**
     * The same for codecs that look at more of an uplink than its bytes.
     *
     * @param payload at least one byte; not modified
     * @throws Rejection BAD_PAYLOAD when length or content do not fit the layout
     */
    default Optional<Value.Obj> decode(Uplink uplink, byte[] payload) {
        return decode(uplink.port(), payload);
    }

    /** Whether decoding may take so long that an event loop must not wait for it. */
    default boolean isSlow() {
        return false;
    }
}
