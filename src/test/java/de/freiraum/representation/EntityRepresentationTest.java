package de.freiraum.representation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.query.Projection;
import de.freiraum.query.TimeProperty;
import de.freiraum.representation.EntityWriter.Changed;
import de.freiraum.representation.RepresentationOptions.Form;
import de.freiraum.representation.RepresentationOptions.GeoJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityRepresentationTest {
    private static final Context CORE = BuiltInContexts.core();
    private static final RepresentationOptions NORMALIZED = RepresentationOptions.of(CORE);
    private static final Instant THEN = Instant.parse("2026-03-02T07:00:00Z");
    private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");

    private final EntityWriter writer = new EntityWriter(1 << 20);

    /** One row of a table. */
    record Case(String name, Value.Obj row) {
        Value get(String member) {
            return Objects.requireNonNull(row.get(member), member);
        }

        String text(String member) {
            return ((Value.Text) get(member)).text();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> entities() throws IOException {
        return cases("entities");
    }

    static Stream<Case> accepted() throws IOException {
        return cases("accepted");
    }

    static Stream<Case> refused() throws IOException {
        return cases("refused");
    }

    private static Stream<Case> cases(String file) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                EntityRepresentationTest.class.getResourceAsStream("/representation/" + file + ".json"))) {
            return ((Value.Array) JsonReader.read(in.readAllBytes()))
                    .items().stream()
                            .map(Value.Obj.class::cast)
                            .map(o -> new Case(((Value.Text) Objects.requireNonNull(o.get("name"))).text(), o));
        }
    }

    private static Value json(String text) {
        return JsonReader.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static Entity entity(Value body) {
        return entity(EntityReader.read(body, CORE, ReadMode.CREATE));
    }

    private static Entity entity(EntityFragment f) {
        return new Entity(
                Objects.requireNonNull(f.id()),
                f.types(),
                f.scopes() == null ? List.of() : f.scopes(),
                f.attributes(),
                null,
                null,
                f.expiresAt());
    }

    private Value written(Entity entity, RepresentationOptions options) {
        return JsonReader.read(writer.write(entity, options));
    }

    @ParameterizedTest
    @MethodSource("entities")
    void writesAnEntityNormalizedAsItWasRead(Case c) {
        assertThat(written(entity(c.get("input")), NORMALIZED)).isEqualTo(c.get("input"));
    }

    @ParameterizedTest
    @MethodSource("entities")
    void writesAnEntityConcise(Case c) {
        assertThat(written(entity(c.get("input")), NORMALIZED.withForm(Form.CONCISE)))
                .isEqualTo(c.get("concise"));
    }

    @ParameterizedTest
    @MethodSource("entities")
    void readsTheConciseFormAsTheSameEntity(Case c) {
        assertThat(entity(c.get("concise"))).isEqualTo(entity(c.get("input")));
    }

    @ParameterizedTest
    @MethodSource("entities")
    void writesAnEntitySimplified(Case c) {
        assertThat(written(entity(c.get("input")), NORMALIZED.withForm(Form.SIMPLIFIED)))
                .isEqualTo(c.get("simplified"));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void acceptsWhatTheModeAllows(Case c) {
        EntityFragment f = EntityReader.read(c.get("input"), CORE, ReadMode.valueOf(c.text("mode")));
        boolean whole = f.id() != null;
        Entity entity = new Entity(
                whole ? Objects.requireNonNull(f.id()) : "urn:x:none",
                f.types(),
                f.scopes() == null ? List.of() : f.scopes(),
                f.attributes(),
                null,
                null,
                f.expiresAt());
        RepresentationOptions options =
                whole ? NORMALIZED : NORMALIZED.withProjection(Projection.parse(null, "id,type", CORE::expand));

        assertThat(written(entity, options)).isEqualTo(c.get("normalized"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWithTheNameOfWhatIsWrong(Case c) {
        assertThatThrownBy(() -> EntityReader.read(c.get("input"), CORE, ReadMode.valueOf(c.text("mode"))))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.BadRequestData))
                .hasMessageContaining(c.text("error"));
    }

    @Test
    void refusesSubAttributesThatNestTooDeep() {
        Value body = json("{'value':1}");
        for (int i = 0; i < AttributeReader.MAX_DEPTH + 1; i++) {
            body = new Value.Obj(Map.of("value", Value.of(1), "sub", body));
        }
        Value deep = new Value.Obj(Map.of("a", body));

        assertThatThrownBy(() -> EntityReader.read(deep, CORE, ReadMode.APPEND))
                .isInstanceOf(NgsiLdException.class)
                .hasMessageContaining("16 levels");
    }

    @Test
    void readsAPartOfAnAttributeAsAFragment() {
        Attribute a = EntityReader.readInstance(
                "t",
                json("{'observedAt':'2026-03-02T07:00:00Z','unitCode':'urn:ngsi-ld:null','sub':'urn:ngsi-ld:null'}"),
                CORE,
                ReadMode.PARTIAL);

        assertThat(a).isInstanceOf(Attribute.Fragment.class);
        assertThat(a.meta().observedAt()).isEqualTo(THEN);
        assertThat(a.meta().removed()).containsExactly("unitCode");
        assertThat(a.meta().attributes().get(NgsiLd.DEFAULT_CONTEXT + "sub"))
                .allMatch(Attribute::isNull)
                .hasSize(1);
    }

    @Test
    void readsASimplifiedFragmentByItsValues() {
        EntityFragment f = EntityReader.readSimplified(
                json(
                        "{'a':{'value':1},'l':{'languageMap':{'de':'x'}},'d':{'dataset':{'@none':1,'urn:d:1':2}},'n':'urn:ngsi-ld:null'}"),
                CORE,
                ReadMode.MERGE);

        assertThat(f.attributes().get(NgsiLd.DEFAULT_CONTEXT + "a"))
                .containsExactly(new Attribute.Property(
                        new Value.Obj(Map.of(NgsiLd.NAMESPACE + "hasValue", Value.of(1))), AttributeMeta.NONE));
        assertThat(f.attributes().get(NgsiLd.DEFAULT_CONTEXT + "l"))
                .hasOnlyElementsOfType(Attribute.LanguageProperty.class);
        assertThat(f.attributes().get(NgsiLd.DEFAULT_CONTEXT + "d"))
                .extracting(a -> a.meta().datasetId())
                .containsExactly(null, "urn:d:1");
        assertThat(f.attributes().get(NgsiLd.DEFAULT_CONTEXT + "n")).allMatch(Attribute::isNull);
    }

    @Test
    void noticesThatMembersOfAnEntityAreDeleted() {
        EntityFragment f = EntityReader.read(
                json("{'scope':'urn:ngsi-ld:null','expiresAt':'urn:ngsi-ld:null'}"), CORE, ReadMode.MERGE);

        assertThat(f.removed()).containsExactlyInAnyOrder("scope", "expiresAt");
    }

    @Test
    void takesSystemMembersOverFromAnotherBroker() {
        Entity foreign = EntityReader.readForeign(
                json("{'id':'urn:x:1','type':'T','createdAt':'2026-03-02T07:00:00Z','a':{'type':'Property','value':1,"
                        + "'modifiedAt':'2026-03-02T08:00:00Z'}}"),
                CORE);

        assertThat(foreign.createdAt()).isEqualTo(THEN);
        assertThat(foreign.attribute(NgsiLd.DEFAULT_CONTEXT + "a").get(0).meta().modifiedAt())
                .isEqualTo(NOW);
    }

    @Test
    void showsSystemAttributesOnlyWhenAsked() {
        Attribute a = new Attribute.Property(Value.of(1), AttributeMeta.NONE.withTimes(THEN, NOW, null));
        Entity entity = new Entity(
                "urn:x:1",
                List.of("urn:t"),
                List.of(),
                Map.of("urn:a", List.of(a)),
                THEN,
                NOW,
                Instant.parse("2027-01-01T00:00:00Z"));

        assertThat(written(entity, NORMALIZED))
                .isEqualTo(json("{'id':'urn:x:1','type':'urn:t','urn:a':{'type':'Property','value':1}}"));
        assertThat(written(entity, NORMALIZED.withSysAttrs(true)))
                .isEqualTo(json("{'id':'urn:x:1','type':'urn:t','createdAt':'2026-03-02T07:00:00Z',"
                        + "'modifiedAt':'2026-03-02T08:00:00Z','expiresAt':'2027-01-01T00:00:00Z',"
                        + "'urn:a':{'type':'Property','value':1,'createdAt':'2026-03-02T07:00:00Z',"
                        + "'modifiedAt':'2026-03-02T08:00:00Z'}}"));
    }

    @Test
    void writesAFeatureWithGeometryAndProperties() {
        Entity entity =
                entity(json("{'id':'urn:x:1','type':'T','a':1,'location':{'type':'Point','coordinates':[1,2]}}"));
        RepresentationOptions geo = NORMALIZED.withGeoJson(GeoJson.LOCATION).withForm(Form.SIMPLIFIED);

        assertThat(written(entity, geo))
                .isEqualTo(json("{'id':'urn:x:1','type':'Feature','geometry':{'type':'Point','coordinates':[1,2]},"
                        + "'properties':{'type':'T','a':1,'location':{'type':'Point','coordinates':[1,2]}}}"));
        assertThat(written(entity, geo.withGeoJson(new GeoJson(NgsiLd.OBSERVATION_SPACE, null))))
                .extracting(v -> ((Value.Obj) v).get("geometry"))
                .isEqualTo(Value.Null.INSTANCE);
    }

    @Test
    void writesAFeatureCollectionWithOneContext() {
        Entity entity = entity(json("{'id':'urn:x:1','type':'T'}"));
        RepresentationOptions geo = NORMALIZED.withGeoJson(GeoJson.LOCATION).withContextInBody(true);

        assertThat(JsonReader.read(writer.writeArray(List.of(entity, entity), geo)))
                .isEqualTo(json("{'type':'FeatureCollection','features':["
                        + "{'id':'urn:x:1','type':'Feature','geometry':null,'properties':{'type':'T'}},"
                        + "{'id':'urn:x:1','type':'Feature','geometry':null,'properties':{'type':'T'}}],"
                        + "'@context':'" + BuiltInContexts.CORE_URL + "'}"));
    }

    @Test
    void writesAListAsAnArray() {
        Entity entity = entity(json("{'id':'urn:x:1','type':'T'}"));

        assertThat(new String(writer.writeArray(List.of(entity, entity), NORMALIZED), StandardCharsets.UTF_8))
                .isEqualTo("[{\"id\":\"urn:x:1\",\"type\":\"T\"},{\"id\":\"urn:x:1\",\"type\":\"T\"}]");
        assertThat(writer.writeArray(List.of(), NORMALIZED))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "de|Markt|de",
                "nl-BE|Grote|nl",
                "fr;q=0.9,nl;q=0.5|Grote|nl",
                "de;q=0.1,nl|Grote|nl",
                "fr|Plaza|@none",
                "*|Plaza|@none",
                "de;q=0,fr|Plaza|@none"
            })
    void showsTheLanguageThatServesBest(String lang, String value, String tag) {
        Entity entity = entity(
                json("{'id':'urn:x:1','type':'T','s':{'languageMap':{'de':'Markt','nl':'Grote','@none':'Plaza'}}}"));
        RepresentationOptions options = NORMALIZED.withLanguage(LanguageFilter.parse(lang));

        assertThat(written(entity, options))
                .isEqualTo(json("{'id':'urn:x:1','type':'T','s':{'type':'Property','value':'" + value + "','lang':'"
                        + tag + "'}}"));
        assertThat(written(entity, options.withForm(Form.SIMPLIFIED)))
                .isEqualTo(json("{'id':'urn:x:1','type':'T','s':'" + value + "'}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "de;q=2", "de;x", "d_e", ",de", "de;q=0.12345"})
    void refusesALanguageFilterThatIsNone(String lang) {
        assertThatThrownBy(() -> LanguageFilter.parse(lang))
                .isInstanceOf(NgsiLdException.class)
                .hasMessageStartingWith("lang:");
    }

    @Test
    void showsOnlyWhatIsPickedAndTheDatasetsWanted() {
        Entity entity =
                entity(json("{'id':'urn:x:1','type':'T','a':[{'value':1},{'value':2,'datasetId':'urn:d:1'}],'b':1}"));

        assertThat(written(entity, NORMALIZED.withProjection(Projection.parse("id,b", null, CORE::expand))))
                .isEqualTo(json("{'id':'urn:x:1','b':{'type':'Property','value':1}}"));
        assertThat(written(entity, NORMALIZED.withDatasetIds(Set.of("urn:d:1"))))
                .isEqualTo(json("{'id':'urn:x:1','type':'T','a':{'type':'Property','value':2,'datasetId':'urn:d:1'}}"));
        assertThat(written(entity, NORMALIZED.withDatasetIds(Set.of("@none")).withForm(Form.SIMPLIFIED)))
                .isEqualTo(json("{'id':'urn:x:1','type':'T','a':1,'b':1}"));
    }

    @Test
    void showsLinkedEntitiesWithinTheirLinkingEntity() {
        Entity site = entity(json("{'id':'urn:x:site','type':'Site','name':'Markt','back':{'object':'urn:x:1'}}"));
        Entity spot = entity(json("{'id':'urn:x:1','type':'Spot','in':{'object':'urn:x:site'},"
                + "'near':{'object':['urn:x:site','urn:x:gone']},'list':{'objectList':['urn:x:site']}}"));
        EntityWriter.Join join =
                new EntityWriter.Join(id -> id.equals("urn:x:site") ? site : id.equals("urn:x:1") ? spot : null, 2);
        RepresentationOptions simplified = NORMALIZED.withForm(Form.SIMPLIFIED);

        Value.Obj plain = (Value.Obj) JsonReader.read(writer.write(spot, simplified, join));
        Value.Obj full = (Value.Obj) JsonReader.read(writer.write(spot, NORMALIZED, join));

        Value shown = json("{'id':'urn:x:site','type':'Site','name':'Markt','back':'urn:x:1'}");
        assertThat(plain.get("in")).isEqualTo(shown);
        assertThat(plain.get("near")).isEqualTo(new Value.Array(List.of(shown, Value.of("urn:x:gone"))));
        assertThat(((Value.Obj) Objects.requireNonNull(full.get("in"))).get("entity"))
                .isEqualTo(json("{'id':'urn:x:site','type':'Site','name':{'type':'Property','value':'Markt'},"
                        + "'back':{'type':'Relationship','object':'urn:x:1'}}"));
        assertThat(((Value.Obj) Objects.requireNonNull(full.get("list"))).get("entityList"))
                .isInstanceOf(Value.Array.class);
    }

    @Test
    void remembersTheBytesOfAVersionWithinItsBudget() {
        EntityWriter small = new EntityWriter(2000);
        Entity first = entity(json("{'id':'urn:x:1','type':'T'}"));

        assertThat(small.write(first, NORMALIZED)).isSameAs(small.write(first, NORMALIZED));
        assertThat(small.write(first, NORMALIZED.withSysAttrs(true))).isNotSameAs(small.write(first, NORMALIZED));

        List<Entity> others = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Entity other = entity(json("{'id':'urn:x:" + i + "','type':'T'}"));
            small.write(other, NORMALIZED);
            others.add(other);
        }
        assertThat(small.rememberedBytes()).isLessThanOrEqualTo(2000);
        assertThat(first.memo()).isNull();
        assertThat(others.get(99).memo()).isNotNull();
    }

    @Test
    void showsPreviousValuesAndDeletionsOfAChange() {
        Entity before = entity(json("{'id':'urn:x:1','type':'T','a':1,'same':1,'gone':{'languageMap':{'de':'x'}},"
                + "'geo':{'type':'Point','coordinates':[1,2]}}"));
        Entity after = entity(json("{'id':'urn:x:1','type':'T','a':2,'same':1,'new':3}"));
        JsonWriter out = new JsonWriter();

        writer.writeChange(out, new Changed(before, after, NOW, true), NORMALIZED, null);

        assertThat(JsonReader.read(out.toBytes()))
                .isEqualTo(json("{'id':'urn:x:1','type':'T','a':{'type':'Property','value':2,'previousValue':1},"
                        + "'same':{'type':'Property','value':1},'new':{'type':'Property','value':3},"
                        + "'gone':{'type':'LanguageProperty','languageMap':{'@none':'urn:ngsi-ld:null'},"
                        + "'previousLanguageMap':{'de':'x'}},"
                        + "'geo':{'type':'GeoProperty','value':'urn:ngsi-ld:null',"
                        + "'previousValue':{'type':'Point','coordinates':[1,2]}}}"));
    }

    @Test
    void showsADeletedAttributeInShortWhereTheFormIsShort() {
        Entity before =
                entity(json("{'id':'urn:x:1','type':'T','a':1,'b':[{'value':1},{'value':2,'datasetId':'urn:d:1'}]}"));
        Entity after = entity(json("{'id':'urn:x:1','type':'T','b':1}"));
        JsonWriter concise = new JsonWriter();
        JsonWriter simplified = new JsonWriter();

        Changed change = new Changed(before, after, NOW, false);
        writer.writeChange(concise, change, NORMALIZED.withForm(Form.CONCISE), null);
        writer.writeChange(simplified, change, NORMALIZED.withForm(Form.SIMPLIFIED), null);

        assertThat(JsonReader.read(concise.toBytes()))
                .isEqualTo(json("{'id':'urn:x:1','type':'T','a':'urn:ngsi-ld:null',"
                        + "'b':[1,{'value':'urn:ngsi-ld:null','datasetId':'urn:d:1'}]}"));
        assertThat(JsonReader.read(simplified.toBytes()))
                .isEqualTo(json("{'id':'urn:x:1','type':'T','a':'urn:ngsi-ld:null',"
                        + "'b':{'dataset':{'@none':1,'urn:d:1':'urn:ngsi-ld:null'}}}"));
    }

    @Test
    void showsADeletedEntityWithItsTimeOfDeletion() {
        Entity before = entity(json("{'id':'urn:x:1','type':'T','a':1}"));
        JsonWriter bare = new JsonWriter();
        JsonWriter changes = new JsonWriter();

        writer.writeChange(bare, new Changed(before.withAttributes(Map.of()), null, NOW, false), NORMALIZED, null);
        writer.writeChange(changes, new Changed(before, null, NOW, true), NORMALIZED, null);

        assertThat(JsonReader.read(bare.toBytes()))
                .isEqualTo(json("{'id':'urn:x:1','type':'T','deletedAt':'2026-03-02T08:00:00Z'}"));
        assertThat(JsonReader.read(changes.toBytes()))
                .isEqualTo(json("{'id':'urn:x:1','type':'T','deletedAt':'2026-03-02T08:00:00Z',"
                        + "'a':{'type':'Property','value':'urn:ngsi-ld:null','previousValue':1}}"));
    }

    @Test
    void writesAnEvolutionAsInstancesAndAsValues() {
        String a = NgsiLd.DEFAULT_CONTEXT + "a";
        AttributeMeta first = AttributeMeta.NONE.withObservedAt(THEN).withInstanceId("urn:i:1");
        AttributeMeta gone = AttributeMeta.NONE.withTimes(null, null, NOW).withInstanceId("urn:i:2");
        TemporalWriter.Evolution evolution = new TemporalWriter.Evolution(
                "urn:x:1",
                List.of(NgsiLd.DEFAULT_CONTEXT + "T"),
                Map.of(
                        a,
                        List.of(
                                new Attribute.Property(Value.of(1), first),
                                new Attribute.Property(Value.of(Value.NGSI_LD_NULL), gone))),
                null,
                null,
                null);

        assertThat(JsonReader.read(TemporalWriter.write(evolution, NORMALIZED, TimeProperty.observedAt)))
                .isEqualTo(json("{'id':'urn:x:1','type':'T','a':["
                        + "{'type':'Property','value':1,'observedAt':'2026-03-02T07:00:00Z','instanceId':'urn:i:1'},"
                        + "{'type':'Property','value':'urn:ngsi-ld:null','instanceId':'urn:i:2',"
                        + "'deletedAt':'2026-03-02T08:00:00Z'}]}"));
        assertThat(JsonReader.read(
                        TemporalWriter.write(evolution, NORMALIZED.withForm(Form.SIMPLIFIED), TimeProperty.observedAt)))
                .isEqualTo(json("{'id':'urn:x:1','type':'T','a':{'type':'Property','values':["
                        + "[1,'2026-03-02T07:00:00Z'],['urn:ngsi-ld:null','2026-03-02T08:00:00Z']]}}"));
    }

    @Test
    void keepsTheEvolutionOfTheScope() {
        EntityFragment f = EntityReader.read(
                json("{'id':'urn:x:1','type':'T','scope':[{'type':'Property','value':['/A'],"
                        + "'observedAt':'2026-03-02T07:00:00Z'}]}"),
                CORE,
                ReadMode.TEMPORAL);
        TemporalWriter.Evolution evolution =
                new TemporalWriter.Evolution("urn:x:1", f.types(), f.attributes(), null, null, null);

        assertThat(JsonReader.read(TemporalWriter.write(evolution, NORMALIZED, TimeProperty.observedAt)))
                .isEqualTo(json("{'id':'urn:x:1','type':'T','scope':[{'type':'Property','value':'/A',"
                        + "'observedAt':'2026-03-02T07:00:00Z'}]}"));
    }
}
