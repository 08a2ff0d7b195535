package de.freiraum.representation;

import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Subscription;
import de.freiraum.model.Value;
import de.freiraum.query.GeoQueryParser;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Reads {@code geoQ} of a subscription (clause 5.2.13). */
final class GeoQueryMembers {
    private GeoQueryMembers() {}

    /** The members of the data type, checked, with an expanded name. */
    static Value.Obj read(String name, Value.Obj geoQ, Context context) {
        Map<String, Value> members = new LinkedHashMap<>();
        for (String key : List.of("georel", "geometry", "coordinates", "geoproperty")) {
            Value value = geoQ.get(key);
            if (value != null) {
                members.put(key, key.equals("coordinates") ? value : Value.of(Members.text(name + "." + key, value)));
            }
        }
        Value coordinates = Members.required(name + ".coordinates", members.get("coordinates"));
        de.freiraum.query.GeoQuery parsed = GeoQueryParser.parse(
                Members.text(name + ".georel", Members.required(name + ".georel", members.get("georel"))),
                Members.text(name + ".geometry", Members.required(name + ".geometry", members.get("geometry"))),
                coordinates(name, coordinates),
                members.get("geoproperty") instanceof Value.Text property ? property.text() : null,
                context::expand);
        if (parsed != null && members.containsKey("geoproperty")) {
            members.put("geoproperty", Value.of(parsed.property().print(UnaryOperator.identity())));
        }
        return new Value.Obj(members);
    }

    /** The geoquery in members made by {@link #read}. */
    static Subscription.GeoQuery stored(Value.Obj geoQ) {
        return new Subscription.GeoQuery(
                Members.text("geoQ.georel", Members.required("geoQ.georel", geoQ.get("georel"))),
                Members.text("geoQ.geometry", Members.required("geoQ.geometry", geoQ.get("geometry"))),
                coordinates("geoQ", Members.required("geoQ.coordinates", geoQ.get("coordinates"))),
                geoQ.get("geoproperty") instanceof Value.Text property ? property.text() : NgsiLd.LOCATION);
    }

    /** Coordinates may be written as a string that holds the array (clause 4.7.1). */
    private static Value coordinates(String name, Value value) {
        if (!(value instanceof Value.Text text)) {
            return value;
        }
        try {
            return JsonReader.read(text.text().getBytes(StandardCharsets.UTF_8));
        } catch (NgsiLdException e) {
            throw NgsiLdException.badRequest(name + ".coordinates must be a GeoJSON array");
        }
    }
}
