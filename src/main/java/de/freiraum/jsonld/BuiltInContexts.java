package de.freiraum.jsonld;

import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The contexts that are part of the program and never fetched: the core context (Annex B) and those of the sensor vocabularies. */
public final class BuiltInContexts {
    /** The URL of the core context that answers name. */
    public static final String CORE_URL = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld";

    /** Where the contexts of the sensor vocabularies are published, followed by their file name. */
    public static final String PUBLISHED_AT = "https://w3id.org/freiraum/context/";

    private static final Pattern CORE =
            Pattern.compile("https?://uri\\.etsi\\.org/ngsi-ld/v1/ngsi-ld-core-context(-v1\\.[1-9])?\\.jsonld");
    private static final byte[] CORE_BYTES = resource("/ngsi-ld/ngsi-ld-core-context-v1.9.jsonld");
    private static final Map<String, Term> CORE_TERMS = ContextCompiler.compileCore(contextOf(CORE_BYTES));
    private static final Context CORE_CONTEXT = new Context(Value.of(CORE_URL), CORE_TERMS);
    private static final Map<String, Context> NAMED = new ConcurrentHashMap<>();

    private BuiltInContexts() {}

    /** The core context alone. */
    public static Context core() {
        return CORE_CONTEXT;
    }

    /** The core context's document, to be served. A copy. */
    public static byte[] coreDocument() {
        return CORE_BYTES.clone();
    }

    /**
     * The context of a sensor vocabulary, with the core last.
     *
     * @param name {@code parking}, {@code footfall} or {@code device}
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Context named(String name) {
        return NAMED.computeIfAbsent(name, n -> {
            byte[] document = document(n);
            if (document == null) {
                throw new IllegalArgumentException("there is no built-in context \"" + n + "\"");
            }
            return new Context(
                    Value.of(PUBLISHED_AT + n + ".jsonld"),
                    ContextCompiler.compile(contextOf(document), url -> null, CORE_TERMS));
        });
    }

    /** The document of a sensor vocabulary's context, or null if there is none of that name. */
    public static byte @Nullable [] document(String name) {
        if (!name.matches("[a-z][a-z0-9-]{0,40}")
                || BuiltInContexts.class.getResource("/context/" + name + ".jsonld") == null) {
            return null;
        }
        return resource("/context/" + name + ".jsonld");
    }

    /** Whether the URL names a version of the core context; all are served by the one built in. */
    public static boolean isCore(String url) {
        return url.startsWith("http") && CORE.matcher(url).matches();
    }

    static Map<String, Term> coreTerms() {
        return CORE_TERMS;
    }

    /** The {@code @context} of a built-in document by its published URL, or null. */
    static @Nullable Value published(String url) {
        if (!url.startsWith(PUBLISHED_AT) || !url.endsWith(".jsonld")) {
            return null;
        }
        byte[] document = document(url.substring(PUBLISHED_AT.length(), url.length() - ".jsonld".length()));
        return document == null ? null : contextOf(document);
    }

    private static Value contextOf(byte[] document) {
        if (JsonReader.read(document) instanceof Value.Obj o && o.get("@context") != null) {
            return java.util.Objects.requireNonNull(o.get("@context"));
        }
        throw new IllegalStateException("a built-in context has no @context");
    }

    private static byte[] resource(String path) {
        try (InputStream in = BuiltInContexts.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + path + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
