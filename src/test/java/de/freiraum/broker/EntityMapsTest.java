package de.freiraum.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.broker.EntityMaps.Limits;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.query.IsoDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clauses 5.14 and 5.5.14: what is kept of entity maps, and how long. */
class EntityMapsTest {
    private static final Tenant TENANT = Tenant.DEFAULT;

    private final AtomicInteger next = new AtomicInteger();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final EntityMaps maps = new EntityMaps(
            new Limits(Duration.ofMinutes(10), Duration.ofHours(1), 3, 10),
            () -> "" + next.incrementAndGet(),
            () -> now);

    @Test
    void aMapLivesAsLongAsTheBrokerDecides() {
        assertThat(add(null).expiresAt()).isEqualTo("2026-01-01T00:10:00Z");
        assertThat(add("PT5M").expiresAt()).isEqualTo("2026-01-01T00:05:00Z");
        assertThat(add("P10Y").expiresAt()).isEqualTo("2026-01-01T01:00:00Z");
        assertThat(add("P999999999Y").expiresAt()).isEqualTo("2026-01-01T01:00:00Z");
        assertThat(add("PT0S").expiresAt()).isEqualTo("2026-01-01T00:10:00Z");
    }

    @Test
    void anExpiredMapIsGone() {
        EntityMap map = add("PT5M");

        now = now.plusSeconds(299);
        assertThat(maps.find(TENANT, map.id())).isEqualTo(map);

        now = now.plusSeconds(1);
        assertThat(maps.find(TENANT, map.id())).isNull();
        assertThat(maps.delete(TENANT, map.id())).isFalse();
        assertThat(maps.expireAt(TENANT, map.id(), now.plusSeconds(60))).isFalse();
    }

    @Test
    void theExpiryCanBeMovedWithinTheBound() {
        EntityMap map = add(null);

        assertThat(maps.expireAt(TENANT, map.id(), Instant.parse("2099-01-01T00:00:00Z")))
                .isTrue();
        assertThat(find(map).expiresAt()).isEqualTo("2026-01-01T01:00:00Z");

        assertThat(maps.expireAt(TENANT, map.id(), now)).isTrue();
        assertThat(maps.find(TENANT, map.id())).isNull();
    }

    @Test
    void aMapBelongsToItsTenant() {
        EntityMap map = add(null);

        assertThat(maps.find(new Tenant("other"), map.id())).isNull();
        assertThat(maps.delete(new Tenant("other"), map.id())).isFalse();
        assertThat(maps.delete(TENANT, map.id())).isTrue();
        assertThat(maps.find(TENANT, map.id())).isNull();
    }

    @Test
    void entitiesCanBeTakenOut() {
        EntityMap map = add(null, "urn:x:1", "urn:x:2", "urn:x:3");

        maps.remove(TENANT, map.id(), Set.of("urn:x:2", "urn:x:9"));

        assertThat(find(map).entityIds()).containsExactly("urn:x:1", "urn:x:3");
        assertThat(find(map).sources("urn:x:1")).containsExactly("@none");
    }

    @Test
    void theMapThatExpiresFirstMakesWayForTheFourth() {
        EntityMap first = add("PT9M");
        EntityMap second = add("PT3M");
        EntityMap third = add("PT5M");
        EntityMap fourth = add("PT1M");

        assertThat(maps.find(TENANT, second.id())).isNull();
        assertThat(List.of(find(first), find(third), find(fourth))).hasSize(3);
    }

    @Test
    void theEntitiesOfATenantsMapsAreBoundedTogether() {
        EntityMap first = add(null, "urn:x:1", "urn:x:2", "urn:x:3", "urn:x:4");
        maps.remove(TENANT, first.id(), Set.of("urn:x:1", "urn:x:2"));
        EntityMap second =
                add("PT20M", "urn:x:1", "urn:x:2", "urn:x:3", "urn:x:4", "urn:x:5", "urn:x:6", "urn:x:7", "urn:x:8");
        assertThat(find(first).entityIds()).hasSize(2);

        EntityMap third = add(null, "urn:x:1");
        assertThat(maps.find(TENANT, first.id())).isNull();
        assertThat(find(second).entityIds()).hasSize(8);
        assertThat(find(third).entityIds()).hasSize(1);
    }

    @Test
    void aMapThatCannotFitIsRefused() {
        String[] eleven = new String[11];
        for (int i = 0; i < eleven.length; i++) {
            eleven[i] = "urn:x:" + i;
        }

        assertThatThrownBy(() -> add(null, eleven))
                .isInstanceOfSatisfying(
                        NgsiLdException.class, e -> assertThat(e.type()).isEqualTo(ErrorType.TooManyResults));
    }

    private EntityMap add(@Nullable String lifetime, String... entities) {
        return maps.add(TENANT, List.of(entities), lifetime == null ? null : IsoDuration.parse("lifetime", lifetime));
    }

    private EntityMap find(EntityMap map) {
        EntityMap found = maps.find(TENANT, map.id());
        assertThat(found).isNotNull();
        return found == null ? map : found;
    }
}
