package de.freiraum.retention;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Aggregated;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Value;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RollupTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOON = Instant.parse("2026-10-01T12:00:00Z");
    private static final Rollup QUARTERS = new Rollup(null, NOON.plusSeconds(3600), Period.PT15M, BERLIN);
    private static final Rollup DAYS = new Rollup(null, Instant.parse("2026-11-01T00:00:00Z"), Period.P1D, BERLIN);

    @Test
    void numbersBecomeTheirMeanAtTheBeginOfTheWindow() {
        Attribute.Property rolled =
                (Attribute.Property) only(QUARTERS.condense(List.of(number(61, 21), number(70, 22), number(80, 21.5))));

        assertThat(rolled.value()).isEqualTo(Value.of(21.5));
        assertThat(rolled.meta().observedAt()).isEqualTo(NOON);
        assertThat(rolled.meta().unitCode()).isEqualTo("CEL");
        assertThat(rolled.meta().createdAt()).isEqualTo(NOON.plusSeconds(61));
        assertThat(rolled.meta().modifiedAt()).isEqualTo(NOON.plusSeconds(80));
        assertThat(Aggregated.of(rolled))
                .isEqualTo(new Aggregated("PT15M", 3, num(64.5), new Value.Num(21L), new Value.Num(22L)));
    }

    @Test
    void wholeMeansAreWholeNumbersWithoutRoundingErrors() {
        assertThat(value(QUARTERS.condense(List.of(number(0, 0.1), number(1, 0.2), number(2, 0.3)))))
                .isEqualTo(num(0.2));
        assertThat(value(QUARTERS.condense(List.of(number(0, 1), number(1, 3)))))
                .isEqualTo(new Value.Num(2L));
    }

    @Test
    void textsBecomeTheLast() {
        Attribute rolled = only(QUARTERS.condense(List.of(text(5, "free"), text(300, "occupied"))));

        assertThat(((Attribute.Property) rolled).value()).isEqualTo(Value.of("occupied"));
        assertThat(Aggregated.of(rolled)).isEqualTo(new Aggregated("PT15M", 2, null, null, null));
    }

    @Test
    void numbersOfSeveralUnitsAndNumbersAmongTextsBecomeTheLast() {
        TemporalInstance fahrenheit = number(9, 70);
        Attribute other = fahrenheit.instance();
        fahrenheit = new TemporalInstance("urn:a", other.with(other.meta().withUnitCode("FAH")));

        assertThat(value(QUARTERS.condense(List.of(number(1, 20), fahrenheit)))).isEqualTo(num(70));
        assertThat(value(QUARTERS.condense(List.of(number(1, 20), text(9, "x")))))
                .isEqualTo(Value.of("x"));
    }

    @Test
    void aSingleInstanceIsRolledUpOnce() {
        List<TemporalInstance> once = QUARTERS.condense(List.of(number(61, 21)));

        assertThat(Aggregated.periodOf(only(once))).isEqualTo("PT15M");
        assertThat(QUARTERS.condense(once)).isSameAs(once);
    }

    @Test
    void aLateObservationJoinsTheWindowWithItsWeight() {
        List<TemporalInstance> both = new ArrayList<>(QUARTERS.condense(List.of(number(0, 10), number(1, 20))));
        both.add(number(2, 30));

        Attribute rolled = only(QUARTERS.condense(both));

        assertThat(((Attribute.Property) rolled).value()).isEqualTo(new Value.Num(20L));
        assertThat(Objects.requireNonNull(Aggregated.of(rolled)).samples()).isEqualTo(3);
    }

    @Test
    void aDayIsMadeOfAllSamplesOfItsQuarters() {
        List<TemporalInstance> quarters =
                new ArrayList<>(QUARTERS.condense(List.of(number(0, 10), number(1, 10), number(2, 40))));
        quarters.addAll(QUARTERS.condense(List.of(number(1000, 100))));

        Attribute day = only(DAYS.condense(quarters));

        assertThat(((Attribute.Property) day).value()).isEqualTo(new Value.Num(40L));
        assertThat(day.meta().observedAt()).isEqualTo(Instant.parse("2026-09-30T22:00:00Z"));
        assertThat(Aggregated.of(day))
                .isEqualTo(new Aggregated("P1D", 4, new Value.Num(160L), new Value.Num(10L), new Value.Num(100L)));
    }

    @Test
    void daysAreLeftAloneByQuarters() {
        List<TemporalInstance> window = new ArrayList<>(DAYS.condense(List.of(number(0, 10), number(1, 20))));
        assertThat(QUARTERS.condense(window)).isSameAs(window);

        TemporalInstance day = window.get(0);
        window.add(number(2, 30));
        assertThat(QUARTERS.condense(window)).hasSize(2).contains(day);
    }

    @Test
    void deletionsStay() {
        TemporalInstance deletion =
                new TemporalInstance("urn:a", Attribute.deletion(number(0, 1).instance(), NOON.plusSeconds(5)));
        List<TemporalInstance> alone = List.of(deletion);

        assertThat(QUARTERS.condense(alone)).isSameAs(alone);
        assertThat(QUARTERS.condense(List.of(number(0, 1), deletion, number(7, 3))))
                .hasSize(2)
                .contains(deletion);
    }

    @Test
    void daysEndWhereTheCalendarSaysSo() {
        Instant change = Instant.parse("2026-10-25T05:00:00Z");

        assertThat(Period.P1D.begin(change, BERLIN)).isEqualTo(Instant.parse("2026-10-24T22:00:00Z"));
        assertThat(Period.P1D.end(change, BERLIN)).isEqualTo(Instant.parse("2026-10-25T23:00:00Z"));
        assertThat(Period.PT15M.begin(change.plusSeconds(899), BERLIN)).isEqualTo(change);
        assertThat(Period.PT15M.end(change, BERLIN)).isEqualTo(change.plusSeconds(900));
    }

    private static TemporalInstance number(int second, double value) {
        BigDecimal decimal = BigDecimal.valueOf(value).stripTrailingZeros();
        return instance(second, decimal.scale() <= 0 ? new Value.Num(decimal.longValue()) : Value.of(value));
    }

    private static TemporalInstance text(int second, String text) {
        return instance(second, Value.of(text));
    }

    private static TemporalInstance instance(int second, Value value) {
        Instant time = NOON.plusSeconds(second);
        AttributeMeta meta = AttributeMeta.NONE
                .withObservedAt(time)
                .withTimes(time, time, null)
                .withUnitCode("CEL")
                .withInstanceId("urn:ngsi-ld:Instance:" + second);
        return new TemporalInstance("urn:a", new Attribute.Property(value, meta));
    }

    private static Attribute only(List<TemporalInstance> instances) {
        assertThat(instances).hasSize(1);
        return instances.get(0).instance();
    }

    private static Value value(List<TemporalInstance> instances) {
        return ((Attribute.Property) only(instances)).value();
    }

    private static Value.Num num(double number) {
        return number == Math.rint(number) ? new Value.Num((long) number) : new Value.Num(number);
    }
}
