package de.freiraum.http;

import de.freiraum.broker.EntityMap;
import de.freiraum.broker.EntityMapOperations.Use;
import de.freiraum.query.IsoDuration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How requests and answers refer to an entity map: a header and two parameters (clauses 6.4.3.2 and 6.5.3.1). */
final class EntityMapHeader {
    /** Where the map is that a request or an answer goes by. */
    static final String NAME = "NGSILD-EntityMap";

    /** Parameters of the operations that can make a map. */
    static final Set<String> PARAMETERS = Set.of("entityMap", "entityMapLifetime");

    private static final String PATH = ApiRouter.BASE + "/entityMaps/";

    private EntityMapHeader() {}

    /**
     * What a request says of entity maps. The header may have the map's path, absolute or not, or its URI; what is no map's is like a map that is
     * gone.
     */
    static Use read(RequestContext request, Parameters parameters) {
        boolean asked = parameters.flag("entityMap");
        IsoDuration lifetime = lifetime(parameters);
        String header = request.header(NAME);
        return header == null && !asked ? Use.NONE : new Use(header == null ? null : id(header), asked, lifetime);
    }

    /** The lifetime that is suggested for a map, or null. */
    static @Nullable IsoDuration lifetime(Parameters parameters) {
        String text = parameters.text("entityMapLifetime");
        return text == null ? null : IsoDuration.parse("entityMapLifetime", text);
    }

    private static String id(String header) {
        String location = header.strip();
        return PercentCoding.decodeSegment(location.substring(location.lastIndexOf('/') + 1), NAME);
    }

    /** The answer with the location of the map that was used. */
    static Answer tell(Answer answer, EntityMap map) {
        return answer.with(NAME, PATH + PercentCoding.encodeSegment(map.id()));
    }
}
