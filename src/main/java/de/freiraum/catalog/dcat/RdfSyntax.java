package de.freiraum.catalog.dcat;

import com.apicatalog.jsonld.JsonLd;
import com.apicatalog.jsonld.JsonLdError;
import com.apicatalog.jsonld.JsonLdOptions;
import com.apicatalog.jsonld.document.JsonDocument;
import com.apicatalog.jsonld.serialization.QuadsToJsonld;
import com.apicatalog.rdf.api.RdfConsumerException;
import com.apicatalog.rdf.api.RdfQuadConsumer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.rdf4j.model.BNode;
import org.eclipse.rdf4j.model.Literal;
import org.eclipse.rdf4j.model.Model;
import org.eclipse.rdf4j.model.Statement;
import org.eclipse.rdf4j.model.Value;
import org.eclipse.rdf4j.rio.RDFWriter;
import org.eclipse.rdf4j.rio.Rio;
import org.eclipse.rdf4j.rio.helpers.BasicWriterSettings;
import org.eclipse.rdf4j.rio.rdfxml.RDFXMLWriter;
import org.eclipse.rdf4j.rio.turtle.TurtleWriter;

/** How RDF is written. */
public enum RdfSyntax {
    /** Turtle. */
    TURTLE("text/turtle", "ttl"),
    /** RDF/XML. */
    RDF_XML("application/rdf+xml", "rdf"),
    /** JSON-LD, compacted. */
    JSON_LD("application/ld+json", "jsonld");

    private final String mediaType;
    private final String suffix;

    RdfSyntax(String mediaType, String suffix) {
        this.mediaType = mediaType;
        this.suffix = suffix;
    }

    /** The media type, without parameters. */
    public String mediaType() {
        return mediaType;
    }

    /** The suffix of addresses, without a dot. */
    public String suffix() {
        return suffix;
    }

    /** The document, in UTF-8. */
    byte[] write(Model model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        switch (this) {
            case TURTLE -> {
                TurtleWriter writer = new TurtleWriter(bytes);
                writer.getWriterConfig().set(BasicWriterSettings.INLINE_BLANK_NODES, true);
                write(model, writer);
            }
            case RDF_XML -> write(model, new RDFXMLWriter(bytes));
            case JSON_LD -> {
                return jsonLd(model);
            }
        }
        return bytes.toByteArray();
    }

    private static void write(Model model, RDFWriter writer) {
        writer.getWriterConfig().set(BasicWriterSettings.PRETTY_PRINT, true);
        Rio.write(model, writer);
    }

    private static byte[] jsonLd(Model model) {
        JsonObjectBuilder prefixes = Json.createObjectBuilder();
        model.getNamespaces().forEach(prefix -> prefixes.add(prefix.getPrefix(), prefix.getName()));
        JsonObject context =
                Json.createObjectBuilder().add("@context", prefixes).build();
        try {
            QuadsToJsonld quads = new QuadsToJsonld().options(new JsonLdOptions());
            for (Statement statement : model) {
                add(statement, quads);
            }
            JsonObject compacted = JsonLd.compact(JsonDocument.of(quads.toJsonLd()), JsonDocument.of(context))
                    .get();
            return compacted.toString().getBytes(StandardCharsets.UTF_8);
        } catch (JsonLdError | RdfConsumerException e) {
            throw new IllegalStateException("a catalogue cannot be written as JSON-LD", e);
        }
    }

    private static void add(Statement statement, RdfQuadConsumer quads) throws RdfConsumerException {
        Value object = statement.getObject();
        Literal literal = object instanceof Literal l ? l : null;
        quads.quad(
                resource(statement.getSubject()),
                statement.getPredicate().stringValue(),
                literal == null ? resource(object) : literal.getLabel(),
                literal == null ? null : literal.getDatatype().stringValue(),
                literal == null ? null : literal.getLanguage().orElse(null),
                null,
                null);
    }

    private static String resource(Value value) {
        return value instanceof BNode node ? "_:" + node.getID() : value.stringValue();
    }
}
