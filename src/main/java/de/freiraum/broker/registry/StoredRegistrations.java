package de.freiraum.broker.registry;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.json.Times;
import de.freiraum.model.Value;
import de.freiraum.representation.RegistrationReader;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** How registrations lie in the document store. */
final class StoredRegistrations {
    private static final long VERSION = 1;

    private StoredRegistrations() {}

    static byte[] write(RegisteredSource source) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("version", Value.of(VERSION));
        members.put("createdAt", Value.of(Times.format(source.createdAt())));
        members.put("modifiedAt", Value.of(Times.format(source.modifiedAt())));
        members.put("document", source.registration().document());
        return JsonWriter.write(new Value.Obj(members));
    }

    static RegisteredSource read(byte[] bytes) {
        if (!(JsonReader.read(bytes) instanceof Value.Obj stored)
                || !Value.of(VERSION).equals(stored.get("version"))
                || !(stored.get("document") instanceof Value.Obj document)) {
            throw new IllegalStateException("a stored registration is not of version " + VERSION);
        }
        return new RegisteredSource(
                RegistrationReader.stored(document), time(stored, "createdAt"), time(stored, "modifiedAt"));
    }

    private static Instant time(Value.Obj stored, String name) {
        return stored.get(name) instanceof Value.Text text ? Times.parse(text.text(), name) : Instant.EPOCH;
    }
}
