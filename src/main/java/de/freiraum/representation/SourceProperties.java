package de.freiraum.representation;

import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes an entity of a registration, so that a context source filter (clause 4.9) is evaluated like any query. */
final class SourceProperties {
    private SourceProperties() {}

    /** The entity whose attributes are the members of the document, each under its IRI. */
    static Entity of(Value.Obj document) {
        Context core = BuiltInContexts.core();
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>();
        document.members().forEach((name, value) -> {
            String iri = RegistrationReader.isMember(name) ? core.expand(name) : name;
            attributes.put(iri, List.of(attribute(value)));
        });
        return new Entity("urn:ngsi-ld:ContextSourceRegistration", List.of(), List.of(), attributes, null, null, null);
    }

    private static Attribute attribute(Value value) {
        if (value instanceof Value.Obj object) {
            Value inner = object.get("value");
            if (inner != null) {
                return new Attribute.Property(inner, AttributeMeta.NONE);
            }
            if (object.get("object") instanceof Value.Text target) {
                return new Attribute.Relationship(List.of(target.text()), AttributeMeta.NONE);
            }
        }
        return new Attribute.Property(value, AttributeMeta.NONE);
    }
}
