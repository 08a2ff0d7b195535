package de.freiraum.ingest.message;

import de.freiraum.json.JsonReader;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;

/** Reads the JSON of a message. */
public final class MessageJson {
    private MessageJson() {}

    /** The value of a JSON document; broken JSON is a broken message, with its line and column. */
    public static Value read(byte[] bytes) {
        try {
            return JsonReader.read(bytes);
        } catch (NgsiLdException e) {
            throw Rejection.broken("the message is no valid JSON: " + e.detail());
        }
    }
}
