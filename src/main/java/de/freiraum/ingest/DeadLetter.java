package de.freiraum.ingest;

import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message that could not be mapped.
 *
 * @param id its id; ids grow with time
 * @param source the source it came from
 * @param reason the step that refused it
 * @param detail why
 * @param message the message itself
 * @param attempts how often it was tried
 */
public record DeadLetter(
        String id, String source, Rejection.Reason reason, String detail, RawMessage message, int attempts) {

    /** Its JSON form: {@code id, time, source, reason, detail, attempts, topic, headers, body} (Base64). */
    public Value.Obj toValue() {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("id", Value.of(id));
        members.put("time", Value.of(message.receivedAt().toString()));
        members.put("source", Value.of(source));
        members.put("reason", Value.of(reason.name()));
        members.put("detail", Value.of(detail));
        members.put("attempts", Value.of(attempts));
        members.put("topic", Value.of(message.topic()));
        Map<String, Value> headers = new LinkedHashMap<>();
        message.headers().forEach((name, value) -> headers.put(name, Value.of(value)));
        members.put("headers", new Value.Obj(headers));
        members.put("body", Value.of(Base64.getEncoder().encodeToString(message.body())));
        return new Value.Obj(members);
    }

    byte[] toBytes() {
        return JsonWriter.write(toValue());
    }

    static DeadLetter parse(byte[] bytes) {
        Value.Obj object = (Value.Obj) JsonReader.read(bytes);
        Map<String, String> headers = new LinkedHashMap<>();
        if (object.get("headers") instanceof Value.Obj map) {
            map.members().forEach((name, value) -> headers.put(name, ((Value.Text) value).text()));
        }
        return new DeadLetter(
                text(object, "id"),
                text(object, "source"),
                Rejection.Reason.valueOf(text(object, "reason")),
                text(object, "detail"),
                new RawMessage(
                        Base64.getDecoder().decode(text(object, "body")),
                        text(object, "topic"),
                        headers,
                        Instant.parse(text(object, "time"))),
                object.get("attempts") instanceof Value.Num n ? n.number().intValue() : 1);
    }

    private static String text(Value.Obj object, String name) {
        return object.get(name) instanceof Value.Text text ? text.text() : "";
    }
}
