package de.freiraum.jsonld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.apicatalog.jsonld.JsonLd;
import com.apicatalog.jsonld.JsonLdError;
import com.apicatalog.jsonld.JsonLdErrorCode;
import com.apicatalog.jsonld.JsonLdOptions;
import com.apicatalog.jsonld.document.Document;
import com.apicatalog.jsonld.document.JsonDocument;
import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContextTest {
    private static final String BASE = "https://contexts.example/";
    private static final Instant NOW = Instant.parse("2026-03-02T07:00:00Z");

    private final Map<String, String> web = new LinkedHashMap<>();
    private final List<String> fetched = new ArrayList<>();
    private @Nullable Duration freshFor;
    private final AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    private final ContextResolver resolver = new ContextResolver(this::load, clock::get);

    private CompletionStage<LoadedContext> load(String url) {
        fetched.add(url);
        String body = web.get(url);
        return body == null
                ? CompletableFuture.failedFuture(new IOException("404"))
                : CompletableFuture.completedFuture(new LoadedContext(body.getBytes(StandardCharsets.UTF_8), freshFor));
    }

    private static Value json(String text) {
        return JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private Context resolve(String context) {
        try {
            return resolver.resolve(json(context)).toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof NgsiLdException known) {
                throw known;
            }
            throw e;
        }
    }

    /** One context of the table, with the names to try. */
    record Case(String name, Value context, List<String> names) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> contexts() throws IOException {
        try (InputStream in = Objects.requireNonNull(ContextTest.class.getResourceAsStream("/jsonld/contexts.json"))) {
            Value.Array cases = (Value.Array) JsonReader.read(in.readAllBytes());
            return cases.items().stream()
                    .map(Value.Obj.class::cast)
                    .map(c -> new Case(
                            ((Value.Text) Objects.requireNonNull(c.get("name"))).text(),
                            Objects.requireNonNull(c.get("context")),
                            ((Value.Array) Objects.requireNonNull(c.get("names")))
                                    .items().stream()
                                            .map(v -> ((Value.Text) v).text())
                                            .toList()));
        }
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void expandsAndCompactsAttributeNamesAsAJsonLdProcessorDoes(Case c) throws JsonLdError {
        Context context = resolver.resolve(c.context).toCompletableFuture().join();
        JsonLdOptions options = new JsonLdOptions((url, o) -> local(url.toString()));
        for (String name : c.names) {
            Value document = new Value.Obj(Map.of(
                    "@context",
                    withCore(c.context),
                    name,
                    new Value.Obj(Map.of("type", Value.of("Property"), "value", Value.of(1)))));
            JsonObject expanded =
                    JsonLd.expand(document(document)).options(options).get().getJsonObject(0);
            String iri = expanded.keySet().iterator().next();

            assertThat(context.expand(name)).as("expansion of %s", name).isEqualTo(iri);

            Value compactionContext = new Value.Obj(Map.of("@context", withCore(c.context)));
            JsonObject compacted = JsonLd.compact(JsonDocument.of(expanded), document(compactionContext))
                    .options(options)
                    .get();
            String compact = compacted.keySet().stream()
                    .filter(k -> !k.equals("@context"))
                    .findFirst()
                    .orElseThrow();
            assertThat(context.compact(iri)).as("compaction of %s", iri).isEqualTo(compact);
        }
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void expandsWhatItCompacts(Case c) {
        Context context = resolver.resolve(c.context).toCompletableFuture().join();

        for (String name : c.names) {
            String iri = context.expand(name);
            assertThat(context.expand(context.compact(iri))).isEqualTo(iri);
        }
    }

    private static Value withCore(Value context) {
        List<Value> items = new ArrayList<>(context instanceof Value.Array a ? a.items() : List.of(context));
        items.add(Value.of(BuiltInContexts.CORE_URL));
        return new Value.Array(items);
    }

    private static Document document(Value value) throws JsonLdError {
        return JsonDocument.of(new ByteArrayInputStream(JsonWriter.write(value)));
    }

    private static Document local(String url) throws JsonLdError {
        if (BuiltInContexts.isCore(url)) {
            return JsonDocument.of(new ByteArrayInputStream(BuiltInContexts.coreDocument()));
        }
        if (url.equals("https://w3id.org/security/data-integrity/v2")) {
            return JsonDocument.of(new ByteArrayInputStream("{\"@context\":{}}".getBytes(StandardCharsets.UTF_8)));
        }
        throw new JsonLdError(JsonLdErrorCode.LOADING_DOCUMENT_FAILED, url);
    }

    @Test
    void mapsTheCoreTermsToTheirIris() {
        Context core = BuiltInContexts.core();

        assertThat(core.expand("location")).isEqualTo(NgsiLd.LOCATION);
        assertThat(core.expand("description")).isEqualTo("http://purl.org/dc/terms/description");
        assertThat(core.expand("speed")).isEqualTo(NgsiLd.DEFAULT_CONTEXT + "speed");
        assertThat(core.expand("type")).isEqualTo("@type");
        assertThat(Objects.requireNonNull(core.term("observedAt")).type()).isEqualTo(NgsiLd.NAMESPACE + "DateTime");
        assertThat(Objects.requireNonNull(core.term("coordinates")).container()).containsExactly("@list");
        assertThat(Objects.requireNonNull(core.term("languageMap")).container()).containsExactly("@language");
        assertThat(core.compact(NgsiLd.DEFAULT_CONTEXT + "location"))
                .as("a name that means something else is not given to it")
                .isNotEqualTo("location");
    }

    @Test
    void letsNoContextChangeACoreTerm() {
        Context context =
                resolve("{\"location\":\"https://other.example/location\",\"speed\":\"https://other.example/speed\"}");

        assertThat(context.expand("location")).isEqualTo(NgsiLd.LOCATION);
        assertThat(context.expand("speed")).isEqualTo("https://other.example/speed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-v1.1", "-v1.3", "-v1.8", "-v1.9"})
    void servesEveryVersionOfTheCoreWithoutFetching(String version) {
        for (String scheme : List.of("http", "https")) {
            String url = scheme + "://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context" + version + ".jsonld";

            assertThat(resolve("\"" + url + "\"").expand("location")).isEqualTo(NgsiLd.LOCATION);
        }
        assertThat(fetched).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"parking", "footfall", "device"})
    void namesNoTermInAVocabularyThatTheCoreHas(String name) {
        Value.Obj document = (Value.Obj) JsonReader.read(Objects.requireNonNull(BuiltInContexts.document(name)));
        Value.Obj terms = (Value.Obj) Objects.requireNonNull(document.get("@context"));

        assertThat(terms.members().keySet())
                .isNotEmpty()
                .doesNotContainAnyElementsOf(BuiltInContexts.core().terms().keySet());
        assertThat(terms.members().values())
                .allMatch(iri -> ((Value.Text) iri).text().startsWith("https://"));
        assertThat(resolve("\"" + BuiltInContexts.PUBLISHED_AT + name + ".jsonld\"")
                        .terms())
                .isEqualTo(BuiltInContexts.named(name).terms());
        assertThat(fetched).isEmpty();
    }

    @Test
    void knowsTheSensorVocabularies() {
        Context parking = BuiltInContexts.named("parking");

        assertThat(parking.expand("ParkingSpot"))
                .isEqualTo("https://smartdatamodels.org/dataModel.Parking/ParkingSpot");
        assertThat(parking.expand("status")).isEqualTo("https://uri.etsi.org/ngsi-ld/status");
        assertThat(parking.expand("staleAfter")).isEqualTo("https://w3id.org/freiraum/staleAfter");
        assertThat(BuiltInContexts.named("footfall").expand("occupancy")).isNotEqualTo(parking.expand("occupancy"));
        assertThatThrownBy(() -> BuiltInContexts.named("../x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void compilesEqualInputOnce() {
        web.put(BASE + "a", "{\"@context\":{\"speed\":\"https://a.example/speed\"}}");

        Context first = resolve("[\"" + BASE + "a\"]");

        assertThat(resolve("[\"" + BASE + "a\"]")).isSameAs(first);
        assertThat(fetched).containsExactly(BASE + "a");
        assertThat(first.source()).isEqualTo(json("[\"" + BASE + "a\"]"));
    }

    @Test
    void followsReferencesAndRelativeUrls() {
        web.put(BASE + "dir/a", "{\"@context\":[\"b\",{\"speed\":\"ex:speed\"}]}");
        web.put(BASE + "dir/b", "{\"@context\":{\"ex\":\"https://b.example/\"}}");

        assertThat(resolve("\"" + BASE + "dir/a\"").expand("speed")).isEqualTo("https://b.example/speed");
    }

    @Test
    void importsAnotherDocument() {
        web.put(BASE + "i", "{\"@context\":{\"a\":\"https://i.example/a\",\"b\":\"https://i.example/b\"}}");

        Context context = resolve("{\"@version\":1.1,\"@import\":\"" + BASE + "i\",\"b\":\"https://own.example/b\"}");

        assertThat(context.expand("a")).isEqualTo("https://i.example/a");
        assertThat(context.expand("b")).isEqualTo("https://own.example/b");
    }

    @Test
    void ignoresAScopedContextInARemoteDocument() {
        web.put(BASE + "s", "{\"@context\":{\"a\":{\"@id\":\"https://s.example/a\",\"@context\":{\"type\":\"x:y\"}}}}");

        assertThat(resolve("\"" + BASE + "s\"").expand("a")).isEqualTo("https://s.example/a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "42",
                "true",
                "[7]",
                "[[]]",
                "\"\"",
                "\"no url\"",
                "{\"a\":5}",
                "{\"a\":\"no-iri\"}",
                "{\"a\":{\"@id\":\"https://a.example/\",\"@unknown\":1}}",
                "{\"a\":{\"@id\":7}}",
                "{\"a\":{\"@id\":\"https://a.example/a\",\"@type\":\"nothing\"}}",
                "{\"a\":{\"@id\":\"https://a.example/a\",\"@container\":\"@bag\"}}",
                "{\"a\":\"b:x\",\"b\":\"a:y\"}",
                "{\"@id\":\"https://a.example/\"}",
                "{\"@version\":1.0}",
                "{\"@vocab\":\"nothing\"}",
                "{\"\":\"https://a.example/\"}",
                "{\"a\":\"@context\"}",
                "{\"a\":{\"@id\":\"https://a.example/a\",\"@context\":{\"b\":\"https://b.example/b\"}}}",
                "[{\"a\":{\"@id\":\"https://a.example/a\",\"@protected\":true}},{\"a\":\"https://b.example/b\"}]"
            })
    void refusesABrokenContext(String context) {
        assertThatThrownBy(() -> resolve(context))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.BadRequestData));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no json", "[]", "{\"a\":1}"})
    @DisplayName("5.5.6: a remote context that is none is bad data, other than one that cannot be had")
    void refusesADocumentThatIsNoContext(String body) {
        web.put(BASE + "x", body);

        assertThatThrownBy(() -> resolve("\"" + BASE + "x\""))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.BadRequestData));
    }

    @Test
    void takesADocumentThatIsMissingOrTooLargeAsNotAvailable() {
        web.put(BASE + "big", "{\"@context\":{}}" + " ".repeat(ContextResolver.MAX_BYTES));

        assertNotAvailable("\"" + BASE + "missing\"");
        assertNotAvailable("\"" + BASE + "big\"");
    }

    private void assertNotAvailable(String context) {
        assertThatThrownBy(() -> resolve(context))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.LdContextNotAvailable));
    }

    @Test
    void refusesContextsThatIncludeThemselvesOrNestTooDeep() {
        web.put(BASE + "self", "{\"@context\":\"" + BASE + "self\"}");
        for (int i = 0; i < 10; i++) {
            web.put(BASE + i, "{\"@context\":\"" + BASE + (i + 1) + "\"}");
        }

        assertThatThrownBy(() -> resolve("\"" + BASE + "self\"")).hasMessageContaining("includes itself");
        assertThatThrownBy(() -> resolve("\"" + BASE + "0\"")).hasMessageContaining("nest");
    }

    @Test
    void sharesOneFetchAmongRequestsAtTheSameTime() {
        CompletableFuture<LoadedContext> answer = new CompletableFuture<>();
        List<String> asked = new ArrayList<>();
        ContextResolver slow = new ContextResolver(
                url -> {
                    asked.add(url);
                    return answer;
                },
                clock::get);

        CompletableFuture<Context> a = slow.resolve(Value.of(BASE + "a")).toCompletableFuture();
        CompletableFuture<Context> b = slow.resolve(Value.of(BASE + "a")).toCompletableFuture();
        answer.complete(
                LoadedContext.of("{\"@context\":{\"x\":\"https://x.example/x\"}}".getBytes(StandardCharsets.UTF_8)));

        assertThat(asked).hasSize(1);
        assertThat(a.join()).isSameAs(b.join());
    }

    @Test
    void tellsOfTheCacheAndForgets() {
        web.put(BASE + "a", "{\"@context\":{\"x\":\"https://x.example/1\"}}");
        resolve("\"" + BASE + "a\"");
        clock.set(NOW.plusSeconds(60));
        resolve("\"" + BASE + "a\"");

        CachedContext entry = resolver.cached(BASE + "a").orElseThrow();
        assertThat(entry.createdAt()).isEqualTo(NOW);
        assertThat(entry.lastUsage()).isEqualTo(NOW.plusSeconds(60));
        assertThat(entry.numberOfHits()).isEqualTo(1);

        web.put(BASE + "a", "{\"@context\":{\"x\":\"https://x.example/2\"}}");
        assertThat(resolver.forget(BASE + "a")).isTrue();
        assertThat(resolver.forget(BASE + "a")).isFalse();
        assertThat(resolve("\"" + BASE + "a\"").expand("x")).isEqualTo("https://x.example/2");
    }

    @Test
    void reloadsAndKeepsTheOldDocumentWhenThatFails() {
        web.put(BASE + "a", "{\"@context\":{\"x\":\"https://x.example/1\"}}");
        Context first = resolve("\"" + BASE + "a\"");

        resolver.reload(BASE + "a").toCompletableFuture().join();
        assertThat(resolve("\"" + BASE + "a\"")).as("same content").isSameAs(first);

        web.put(BASE + "a", "{\"@context\":{\"x\":5}}");
        assertThatThrownBy(
                        () -> resolver.reload(BASE + "a").toCompletableFuture().join())
                .hasCauseInstanceOf(NgsiLdException.class)
                .cause()
                .extracting("type")
                .isEqualTo(ErrorType.LdContextNotAvailable);
        assertThat(resolve("\"" + BASE + "a\"").expand("x")).isEqualTo("https://x.example/1");

        web.put(BASE + "a", "{\"@context\":{\"x\":\"https://x.example/2\"}}");
        resolver.reload(BASE + "a").toCompletableFuture().join();
        assertThat(resolve("\"" + BASE + "a\"").expand("x")).isEqualTo("https://x.example/2");
    }

    @Test
    void fetchesAnOldDocumentAnewAndGoesOnWithItIfThatFails() {
        web.put(BASE + "a", "{\"@context\":{\"x\":\"https://x.example/1\"}}");
        resolve("\"" + BASE + "a\"");
        clock.set(NOW.plus(Duration.ofDays(2)));
        web.remove(BASE + "a");

        assertThat(resolve("\"" + BASE + "a\"").expand("x")).isEqualTo("https://x.example/1");
        assertThat(fetched).hasSize(2);
    }

    @Test
    void fetchesADocumentAnewWhenItsServerSaysSo() {
        freshFor = Duration.ofMinutes(5);
        web.put(BASE + "a", "{\"@context\":{\"x\":\"https://x.example/1\"}}");
        resolve("\"" + BASE + "a\"");
        assertThat(resolver.cached(BASE + "a").orElseThrow().expiresAt()).isEqualTo(NOW.plus(freshFor));
        web.put(BASE + "a", "{\"@context\":{\"x\":\"https://x.example/2\"}}");

        clock.set(NOW.plusSeconds(299));
        assertThat(resolve("\"" + BASE + "a\"").expand("x")).isEqualTo("https://x.example/1");
        clock.set(NOW.plusSeconds(300));
        assertThat(resolve("\"" + BASE + "a\"").expand("x")).isEqualTo("https://x.example/2");
        assertThat(fetched).hasSize(2);
    }

    @Test
    void anOldDocumentIsNotAskedForAgainAtOnceWhenItsServerIsDown() {
        freshFor = Duration.ZERO;
        web.put(BASE + "a", "{\"@context\":{\"x\":\"https://x.example/1\"}}");
        resolve("\"" + BASE + "a\"");
        web.remove(BASE + "a");

        resolve("\"" + BASE + "a\"");
        resolve("\"" + BASE + "a\"");

        assertThat(fetched).hasSize(2);
    }

    @Test
    void countsWhoAsksForACachedDocument() {
        web.put(BASE + "a", "{\"@context\":{}}");
        resolve("\"" + BASE + "a\"");

        assertThat(resolver.cached(BASE + "a").orElseThrow().numberOfHits()).isZero();
        assertThat(resolver.found(BASE + "a").orElseThrow().numberOfHits()).isEqualTo(1);
        assertThat(resolver.found(BASE + "b")).isEmpty();
    }

    @Test
    void keepsNoMoreDocumentsThanAllowed() {
        ContextResolver small = new ContextResolver(
                this::load,
                url -> null,
                ContextCacheListener.NONE,
                new ContextResolver.Limits(2, 2, Duration.ofDays(1)),
                clock::get);
        for (int i = 0; i < 5; i++) {
            clock.set(NOW.plusSeconds(i));
            web.put(BASE + i, "{\"@context\":{\"x\":\"https://x.example/" + i + "\"}}");
            small.resolve(Value.of(BASE + i)).toCompletableFuture().join();
        }

        assertThat(small.cached()).extracting(CachedContext::url).containsExactly(BASE + 3, BASE + 4);
    }

    @Test
    void takesHostedContextsFromTheirHost() {
        ContextResolver hosting = new ContextResolver(
                this::load,
                url -> url.equals("https://me.example/c/1") ? json("{\"x\":\"https://x.example/x\"}") : null,
                ContextCacheListener.NONE,
                ContextResolver.Limits.DEFAULT,
                clock::get);

        Context context = hosting.resolve(Value.of("https://me.example/c/1"))
                .toCompletableFuture()
                .join();

        assertThat(context.expand("x")).isEqualTo("https://x.example/x");
        assertThat(hosting.cached()).isEmpty();
        assertThat(fetched).isEmpty();
    }

    @Test
    void expandsNamesWithinValuesAndBack() {
        Context context = resolve(
                "{\"street\":\"https://a.example/street\",\"raw\":{\"@id\":\"https://a.example/raw\",\"@type\":\"@json\"}}");
        Value given =
                json("{\"street\":\"Markt\",\"type\":\"Address\",\"n\":[{\"street\":1}],\"raw\":{\"street\":null},"
                        + "\"when\":{\"@type\":\"DateTime\",\"@value\":\"2026-03-02T07:00:00Z\"}}");

        Value.Obj expanded = (Value.Obj) context.expandValue(given);

        assertThat(expanded.members())
                .containsKeys("https://a.example/street", "@type", NgsiLd.DEFAULT_CONTEXT + "n")
                .containsEntry("https://a.example/raw", json("{\"street\":null}"));
        assertThat(context.compactValue(expanded)).isEqualTo(given);
    }
}
