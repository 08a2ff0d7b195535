package de.freiraum.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.Aggregated;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.store.Store;
import de.freiraum.store.TemporalStore.Range;
import de.freiraum.store.TestStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final Tenant CITY = new Tenant("musterstadt");
    private static final String SPOT = "https://example.org/Spot";
    private static final String A = "urn:ngsi-ld:Spot:a";
    private static final String COUNT = "https://example.org/count";
    private static final RetentionRule RULE = new RetentionRule(
            Set.of(SPOT),
            Set.of(),
            Duration.ofHours(2),
            Optional.of(Duration.ofDays(3)),
            Optional.of(Duration.ofDays(30)));

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final Vertx vertx = Vertx.vertx();
    private @Nullable Store store;

    @BeforeEach
    void openStore() {
        store = await(TestStore.open(vertx, time::get));
    }

    @AfterEach
    void closeStore() {
        await(store().close());
        await(vertx.close());
    }

    @Test
    void historyGoesFromInstancesToQuartersToDaysToNothing() {
        add(A, SPOT, Tenant.DEFAULT, minutes(NOW.minus(Duration.ofHours(1)), 10));
        add(A, SPOT, Tenant.DEFAULT, minutes(NOW.minus(Duration.ofHours(3)), 30));
        add(A, SPOT, Tenant.DEFAULT, minutes(NOW.minus(Duration.ofDays(5)), 30));
        add(A, SPOT, Tenant.DEFAULT, minutes(NOW.minus(Duration.ofDays(40)), 30));
        Retention retention = retention(RULE);

        await(retention.pass());

        assertThat(told(A))
                .containsExactly(
                        "2026-11-20T00:00:00Z P1D 30",
                        "2026-11-25T09:00:00Z PT15M 15",
                        "2026-11-25T09:15:00Z PT15M 15",
                        "2026-11-25T11:00:00Z - 1",
                        "2026-11-25T11:01:00Z - 1",
                        "2026-11-25T11:02:00Z - 1",
                        "2026-11-25T11:03:00Z - 1",
                        "2026-11-25T11:04:00Z - 1",
                        "2026-11-25T11:05:00Z - 1",
                        "2026-11-25T11:06:00Z - 1",
                        "2026-11-25T11:07:00Z - 1",
                        "2026-11-25T11:08:00Z - 1",
                        "2026-11-25T11:09:00Z - 1");
        assertThat(retention.passes()).isEqualTo(1);
        assertThat(retention.removed()).isGreaterThanOrEqualTo(90);

        time.set(NOW.plus(Duration.ofDays(4)));
        await(retention.pass());
        assertThat(told(A)).containsExactly("2026-11-20T00:00:00Z P1D 30", "2026-11-25T00:00:00Z P1D 40");

        time.set(NOW.plus(Duration.ofDays(60)));
        await(retention.pass());
        assertThat(told(A)).isEmpty();
    }

    @Test
    void asManyPassesAsOneLikesChangeNothingMore() {
        add(A, SPOT, Tenant.DEFAULT, minutes(NOW.minus(Duration.ofDays(5)), 200));
        Retention retention = retention(RULE);
        await(retention.pass());
        List<String> once = told(A);
        long removed = retention.removed();

        await(retention.pass());
        await(retention(RULE).pass());

        assertThat(told(A)).isEqualTo(once);
        assertThat(retention.removed()).isEqualTo(removed);
    }

    @Test
    void aLateObservationJoinsItsDayWithinADay() {
        add(A, SPOT, Tenant.DEFAULT, minutes(NOW.minus(Duration.ofDays(5)), 10));
        Retention retention = retention(RULE);
        await(retention.pass());
        add(A, SPOT, Tenant.DEFAULT, minutes(NOW.minus(Duration.ofDays(5)).plusSeconds(30), 1));

        time.set(NOW.plus(Duration.ofDays(1)));
        await(retention.pass());

        assertThat(told(A)).containsExactly("2026-11-20T00:00:00Z P1D 11");
    }

    @Test
    void theFirstRuleOfTypeAndTenantCounts() {
        String other = "https://example.org/Other";
        List<TemporalInstance> old = minutes(NOW.minus(Duration.ofDays(1)), 2);
        add(A, other, Tenant.DEFAULT, old);
        add(A, SPOT, CITY, old);
        Retention retention = retention(
                new RetentionRule(
                        Set.of(), Set.of("musterstadt"), Duration.ofDays(9), Optional.empty(), Optional.empty()),
                RULE);

        await(retention.pass());

        assertThat(told(A)).hasSize(2);
        assertThat(told(CITY, A)).hasSize(2);
        assertThat(retention.removed()).isZero();
    }

    @Test
    void withThreeEqualTimesHistoryIsDeleted() {
        add(A, SPOT, Tenant.DEFAULT, minutes(NOW.minus(Duration.ofDays(2)), 20));
        Duration day = Duration.ofDays(1);

        await(retention(new RetentionRule(Set.of(), Set.of(), day, Optional.of(day), Optional.of(day)))
                .pass());

        assertThat(told(A)).isEmpty();
    }

    @Test
    void aStoppedRetentionWritesNoMore() {
        add(A, SPOT, Tenant.DEFAULT, minutes(NOW.minus(Duration.ofDays(5)), 20));
        Retention retention = retention(RULE);

        await(retention.close());
        await(retention.pass());

        assertThat(told(A)).hasSize(20);
        assertThat(retention.passes()).isZero();
    }

    @Test
    void durationsThatDoNotAscendAreRefused() {
        Duration hour = Duration.ofHours(1);
        assertThatThrownBy(() -> new RetentionRule(
                        Set.of(), Set.of(), Duration.ofMinutes(1), Optional.empty(), Optional.empty()))
                .hasMessageContaining("raw");
        assertThatThrownBy(() -> new RetentionRule(
                        Set.of(), Set.of(), hour, Optional.of(hour.minusMinutes(1)), Optional.empty()))
                .hasMessageContaining("quarterHours");
        assertThatThrownBy(() -> new RetentionRule(Set.of(), Set.of(), hour, Optional.empty(), Optional.of(hour)))
                .hasMessageContaining("days");
        assertThatThrownBy(() -> new RetentionRule(
                        Set.of(), Set.of(), hour, Optional.of(hour), Optional.of(hour.minusMinutes(1))))
                .hasMessageContaining("days");
        assertThatThrownBy(() -> new RetentionRule(Set.of("Spot"), Set.of(), hour, Optional.empty(), Optional.empty()))
                .hasMessageContaining("types");
    }

    private Store store() {
        return Objects.requireNonNull(store);
    }

    private Retention retention(RetentionRule... rules) {
        return new Retention(store(), List.of(rules), tenant -> ZoneOffset.UTC, time::get);
    }

    private void add(String id, String type, Tenant tenant, List<TemporalInstance> instances) {
        await(store().add(tenant, id, List.of(type), instances, true));
    }

    private static List<TemporalInstance> minutes(Instant from, int count) {
        List<TemporalInstance> instances = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            AttributeMeta meta = AttributeMeta.NONE.withObservedAt(from.plus(Duration.ofMinutes(i)));
            instances.add(new TemporalInstance(COUNT, new Attribute.Property(Value.of(i), meta)));
        }
        return instances;
    }

    private List<String> told(String id) {
        return told(Tenant.DEFAULT, id);
    }

    /** Time, period and number of samples of each instance. */
    private List<String> told(Tenant tenant, String id) {
        return await(store().instances(tenant, id, Set.of(), Range.ALL)).stream()
                .map(instance -> {
                    Aggregated mark = Aggregated.of(instance.instance());
                    return instance.instance().meta().observedAt()
                            + (mark == null ? " - 1" : " " + mark.period() + " " + mark.samples());
                })
                .toList();
    }

    private static <T extends @Nullable Object> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer in 20 s", e);
        }
    }
}
