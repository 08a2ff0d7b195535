package de.freiraum.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.ModelArbitraries;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ModelCodecTest {

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void anEntityIsReadAsItWasWritten(@ForAll("entities") Entity entity) {
        assertThat(ModelCodec.decodeEntity(ModelCodec.encode(entity))).isEqualTo(entity);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void anEntityIsReadFromTextAsItWasWritten(@ForAll("entities") Entity entity) {
        assertThat(ModelCodec.entityFromText(ModelCodec.toText(entity))).isEqualTo(entity);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void anInstanceIsReadAsItWasWritten(@ForAll("instances") TemporalInstance instance) {
        assertThat(ModelCodec.decodeInstance(ModelCodec.encode(instance))).isEqualTo(instance);
        assertThat(ModelCodec.instanceFromText(ModelCodec.toText(instance))).isEqualTo(instance);
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void theOrderOfAttributesAndTheClassOfNumbersAreKept(@ForAll("entities") Entity entity) {
        assertThat(ModelCodec.decodeEntity(ModelCodec.encode(entity))).hasToString(entity.toString());
    }

    @Example
    void aDecimalKeepsItsScale() {
        Entity entity = of(new Attribute.Property(new Value.Num(new BigDecimal("1.10")), AttributeMeta.NONE));

        assertThat(ModelCodec.decodeEntity(ModelCodec.encode(entity))).isEqualTo(entity);
    }

    @Example
    void textIsOneLine() {
        assertThat(ModelCodec.toText(of(new Attribute.Property(Value.of("a\nb"), AttributeMeta.NONE))))
                .doesNotContain("\n");
    }

    @Example
    void refusesAFragment() {
        assertThatThrownBy(() -> ModelCodec.encode(of(new Attribute.Fragment(null, AttributeMeta.NONE))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without a value");
    }

    @Example
    void refusesAPatchThatRemovesMembers() {
        AttributeMeta patch = new AttributeMeta(
                null, null, null, null, List.of(), null, null, null, null, null, Map.of(), Set.of("unitCode"));

        assertThatThrownBy(() -> ModelCodec.encode(of(new Attribute.Property(Value.of(1), patch))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("removes members");
    }

    @Example
    void refusesANumberThatIsNotFinite() {
        assertThatThrownBy(() ->
                        ModelCodec.encode(of(new Attribute.Property(new Value.Num(Double.NaN), AttributeMeta.NONE))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not finite");
    }

    @Example
    void refusesANewerVersionNamingBoth() {
        byte[] bytes = ModelCodec.encode(of(new Attribute.Property(Value.of(1), AttributeMeta.NONE)));
        bytes[0] = 9;

        assertThatThrownBy(() -> ModelCodec.decodeEntity(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 9")
                .hasMessageContaining("version 1");
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void cutBytesAreRefusedAndNeverMisread(@ForAll("entities") Entity entity, @ForAll double where) {
        byte[] bytes = ModelCodec.encode(entity);
        byte[] cut = java.util.Arrays.copyOf(bytes, (int) (Math.abs(where % 1) * bytes.length));

        assertThatThrownBy(() -> ModelCodec.decodeEntity(cut)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Entity of(Attribute attribute) {
        return new Entity("urn:a", List.of("T"), List.of(), Map.of("x", List.of(attribute)), null, null, null);
    }

    @Provide
    Arbitrary<Entity> entities() {
        return ModelArbitraries.entities();
    }

    @Provide
    Arbitrary<TemporalInstance> instances() {
        return Combinators.combine(ModelArbitraries.iris(), ModelArbitraries.attributes(2))
                .as(TemporalInstance::new);
    }
}
