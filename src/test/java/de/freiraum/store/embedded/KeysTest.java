package de.freiraum.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.ModelArbitraries;
import java.time.Instant;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class KeysTest {

    @Property(edgeCases = EdgeCasesMode.NONE)
    void partsAreReadAsTheyWereWritten(@ForAll("texts") String a, @ForAll("texts") String b) {
        byte[] key = Keys.of(a, b);

        assertThat(Keys.parts(key, 2)).containsExactly(a, b);
        assertThat(Keys.endOfParts(key, 2)).isEqualTo(key.length);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void noPartRunsIntoTheNext(@ForAll("texts") String a, @ForAll("texts") String b, @ForAll("texts") String c) {
        assertThat(Arrays.equals(Keys.of(a, b), Keys.of(a + b, c)))
                .isEqualTo(b.isEmpty() && c.isEmpty() && a.equals(a + b));
        assertThat(Keys.startsWith(Keys.of(a + "x", b), Keys.of(a))).isFalse();
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theEndOfAGroupIsBehindItsKeysAndBeforeOthers(
            @ForAll("texts") String a, @ForAll("texts") String b, @ForAll("texts") String more) {
        byte[] behind = Keys.behind(Keys.of(a));

        assertThat(Arrays.compareUnsigned(Keys.of(a, b), behind)).isNegative();
        assertThat(Arrays.compareUnsigned(behind, Keys.of(a + "\0" + more))).isNegative();
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void instancesAreOrderedByTime(@ForAll("instants") Instant a, @ForAll("instants") Instant b) {
        byte[] first = Keys.instance(Keys.of("", "e"), "a", null, a, "x");
        byte[] second = Keys.instance(Keys.of("", "e"), "a", null, b, "x");

        assertThat(Integer.signum(Arrays.compareUnsigned(first, second))).isEqualTo(Integer.signum(a.compareTo(b)));
    }

    @Provide
    Arbitrary<String> texts() {
        return ModelArbitraries.texts();
    }

    @Provide
    Arbitrary<Instant> instants() {
        return ModelArbitraries.instants();
    }
}
