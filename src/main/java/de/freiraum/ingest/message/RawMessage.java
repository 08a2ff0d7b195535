package de.freiraum.ingest.message;

import java.time.Instant;
import java.util.Map;

/**
 * A message as it arrived, kept until it is durable or a dead letter.
 *
 * @param body its bytes; not to be modified
 * @param topic MQTT topic or request path
 * @param headers what else the transport said and a reader may need, such as {@code event}; names in lower case
 * @param receivedAt when it arrived; stays the same when it is replayed
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
public record RawMessage(byte[] body, String topic, Map<String, String> headers, Instant receivedAt) {
    /** Copies the headers. */
    public RawMessage {
        headers = Map.copyOf(headers);
    }

    /** The topic of what is fetched begins with it; the source follows, and the device if it is asked for one. */
    public static final String POLLED = "poll/";

    /** Whether it is a record that was fetched, without what a sender would have put around it. */
    public boolean isPolled() {
        return topic.startsWith(POLLED);
    }

    /** A message without headers. */
    public static RawMessage of(byte[] body, String topic, Instant receivedAt) {
        return new RawMessage(body, topic, Map.of(), receivedAt);
    }
}
