package de.freiraum.federation;

import de.freiraum.broker.DiscoveryOperations.AttributeInformation;
import de.freiraum.broker.DiscoveryOperations.CountedAttribute;
import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.registration.CSourceRegistration;
import de.freiraum.registration.Operation;
import de.freiraum.registration.RegistrationInfo;
import de.freiraum.store.EntityStore.AttributeSummary;
import de.freiraum.store.EntityStore.TypeSummary;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Asks sources for the types and attributes that they have (clauses 5.7.5 to 5.7.11). Only what they have registered is believed. */
public final class DiscoverySources {
    private final Survey survey;
    private final SourceClient client;
    private final SourceSelection selection;

    DiscoverySources(Survey survey, SourceClient client, SourceSelection selection) {
        this.survey = survey;
        this.client = client;
        this.selection = selection;
    }

    /**
     * Types, without numbers (clauses 5.7.5 and 5.7.6).
     *
     * @param details whether with their attributes
     */
    public Future<Gathered<TypeSummary>> types(Incoming incoming, boolean details) {
        Operation operation = details ? Operation.retrieveEntityTypeDetails : Operation.retrieveEntityTypes;
        return ask(incoming, operation, info -> true, w -> "/types", details, (registration, document) -> {
            List<TypeSummary> types = new ArrayList<>();
            if (details) {
                document.objects().forEach(type -> {
                    String iri = document.iri(type, "typeName");
                    Map<String, AttributeSummary> attributes = new TreeMap<>();
                    document.names(type, "attributeNames")
                            .forEach(name -> attributes.put(name, new AttributeSummary(1, Set.of())));
                    types.add(registered(registration, new TypeSummary(iri, 0, attributes)));
                });
            } else {
                document.names(document.object(), "typeList")
                        .forEach(iri -> types.add(new TypeSummary(iri, 0, Map.of())));
            }
            types.removeIf(t -> !hasType(registration, t.type()));
            return types;
        });
    }

    /** One type (clause 5.7.7). */
    public Future<Gathered<TypeSummary>> type(Incoming incoming, String iri) {
        return ask(
                incoming,
                Operation.retrieveEntityTypeInfo,
                info -> hasType(info, iri),
                w -> "/types/" + SourceRequest.segment(w.context().compact(iri)),
                false,
                (registration, document) -> {
                    Map<String, AttributeSummary> attributes = new TreeMap<>();
                    for (Value.Obj attribute : document.objects(document.object(), "attributeDetails")) {
                        attributes.put(
                                document.iri(attribute, "attributeName"),
                                new AttributeSummary(1, document.texts(attribute, "attributeTypes")));
                    }
                    long entities = document.number("entityCount");
                    return List.of(registered(registration, new TypeSummary(iri, entities, attributes)));
                });
    }

    /**
     * Attributes (clauses 5.7.8 and 5.7.9).
     *
     * @param details whether with the types that have them
     */
    public Future<Gathered<AttributeInformation>> attributes(Incoming incoming, boolean details) {
        Operation operation = details ? Operation.retrieveAttrTypeDetails : Operation.retrieveAttrTypes;
        return ask(incoming, operation, info -> true, w -> "/attributes", details, (registration, document) -> {
            List<AttributeInformation> attributes = new ArrayList<>();
            if (details) {
                document.objects()
                        .forEach(a -> attributes.add(
                                information(registration, document, a, document.iri(a, "attributeName"))));
            } else {
                document.names(document.object(), "attributeList")
                        .forEach(iri -> attributes.add(new AttributeInformation(iri, Set.of(), Set.of())));
            }
            attributes.removeIf(a -> registration.information().stream().noneMatch(i -> i.coversAttribute(a.iri())));
            return attributes;
        });
    }

    /** One attribute (clause 5.7.10). */
    public Future<Gathered<CountedAttribute>> attribute(Incoming incoming, String iri) {
        return ask(
                incoming,
                Operation.retrieveAttrTypeInfo,
                info -> info.coversAttribute(iri),
                w -> "/attributes/" + SourceRequest.segment(w.context().compact(iri)),
                false,
                (registration, document) -> List.of(new CountedAttribute(
                        information(registration, document, document.object(), iri),
                        document.number("attributeCount"))));
    }

    private interface Reading<T> {
        List<T> of(CSourceRegistration registration, Document document);
    }

    private <T> Future<Gathered<T>> ask(
            Incoming incoming,
            Operation operation,
            Predicate<RegistrationInfo> concerned,
            Function<Wording, String> path,
            boolean details,
            Reading<T> reading) {
        Map<String, String> parameters = details ? Map.of("details", "true") : Map.of();
        List<Survey.Question<T>> questions = selection
                .offering(incoming, Set.of(operation), null)
                .filter(s -> !s.registration().isTemporal())
                .filter(s -> s.registration().information().stream().anyMatch(concerned))
                .map(source -> new Survey.Question<T>(
                        source,
                        wording -> new SourceRequest(source, HttpMethod.GET, path.apply(wording), parameters, null),
                        (answer, wording) -> client.contextOf(body(answer), wording)
                                .map(context ->
                                        reading.of(source.registration(), new Document(body(answer), context)))))
                .toList();
        return questions.isEmpty() ? Future.succeededFuture(Gathered.nothing()) : survey.ask(questions, incoming);
    }

    private static Value body(SourceAnswer.Done answer) {
        if (answer.body() == null) {
            throw NgsiLdException.badRequest("the answer is empty");
        }
        return answer.body();
    }

    private static boolean hasType(CSourceRegistration registration, String iri) {
        return registration.information().stream().anyMatch(info -> hasType(info, iri));
    }

    private static boolean hasType(RegistrationInfo info, String iri) {
        return info.entities().isEmpty()
                || info.entities().stream().anyMatch(e -> e.types().contains(iri));
    }

    private static TypeSummary registered(CSourceRegistration registration, TypeSummary type) {
        List<RegistrationInfo> infos = registration.information().stream()
                .filter(info -> hasType(info, type.type()))
                .toList();
        Map<String, AttributeSummary> attributes = new TreeMap<>(type.attributes());
        attributes.keySet().removeIf(iri -> infos.stream().noneMatch(info -> info.coversAttribute(iri)));
        return new TypeSummary(type.type(), type.entities(), attributes);
    }

    private static AttributeInformation information(
            CSourceRegistration registration, Document document, Value.Obj attribute, String iri) {
        Set<String> types = new TreeSet<>(document.names(attribute, "typeNames"));
        types.removeIf(type -> registration.information().stream()
                .noneMatch(info -> hasType(info, type) && info.coversAttribute(iri)));
        return new AttributeInformation(iri, document.texts(attribute, "attributeTypes"), types);
    }

    /** What a source sent, with the context of its names. Throws BadRequestData for what has another form. */
    private record Document(Value body, Context context) {
        Value.Obj object() {
            return object(body);
        }

        List<Value.Obj> objects() {
            return objects(body);
        }

        List<Value.Obj> objects(Value.Obj object, String member) {
            Value value = object.get(member);
            return value == null ? List.of() : objects(value);
        }

        private static List<Value.Obj> objects(Value value) {
            List<Value.Obj> objects = new ArrayList<>();
            for (Value item : value instanceof Value.Array array ? array.items() : List.of(value)) {
                objects.add(object(item));
            }
            return objects;
        }

        private static Value.Obj object(@Nullable Value value) {
            if (value instanceof Value.Obj object) {
                return object;
            }
            throw NgsiLdException.badRequest("the answer is no object");
        }

        /** The IRI of what an object describes: its id or, if that is none, its name. */
        String iri(Value.Obj object, String nameMember) {
            if (object.get("id") instanceof Value.Text id && id.text().indexOf(':') > 0) {
                return id.text();
            }
            if (object.get(nameMember) instanceof Value.Text name) {
                return context.expand(name.text());
            }
            throw NgsiLdException.badRequest("the answer has no " + nameMember);
        }

        Set<String> names(Value.Obj object, String member) {
            Set<String> iris = new TreeSet<>();
            texts(object, member).forEach(name -> iris.add(context.expand(name)));
            return iris;
        }

        Set<String> texts(Value.Obj object, String member) {
            Set<String> texts = new TreeSet<>();
            Value value = object.get(member);
            for (Value item :
                    value == null ? List.<Value>of() : value instanceof Value.Array a ? a.items() : List.of(value)) {
                if (!(item instanceof Value.Text text) || text.text().isEmpty()) {
                    throw NgsiLdException.badRequest("the answer has no list " + member);
                }
                texts.add(text.text());
            }
            return texts;
        }

        long number(String member) {
            return object().get(member) instanceof Value.Num number
                    ? Math.max(0, number.number().longValue())
                    : 0;
        }
    }
}
