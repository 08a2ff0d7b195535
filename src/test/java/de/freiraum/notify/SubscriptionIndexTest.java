package de.freiraum.notify;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Attribute.Property;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.TextPattern;
import de.freiraum.query.TypeSelectionParser;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SubscriptionIndexTest {
    private static final Tenant TENANT = Tenant.DEFAULT;

    private final SubscriptionIndex<String> index = new SubscriptionIndex<>();
    private final Map<String, Collection<?>> placed = new HashMap<>();

    private static EntitySelector selector(@Nullable String types, @Nullable String pattern, String... ids) {
        return new EntitySelector(
                types == null ? null : TypeSelectionParser.parse(types, UnaryOperator.identity()),
                Set.of(ids),
                pattern == null ? null : TextPattern.of("idPattern", pattern));
    }

    private void put(String name, List<EntitySelector> selectors, String... watched) {
        Collection<?> places = SubscriptionIndex.places(TENANT, selectors, Set.of(watched));
        index.replace(TENANT, name, placed.getOrDefault(name, List.of()), places);
        placed.put(name, places);
    }

    private void remove(String name) {
        index.replace(TENANT, name, placed.getOrDefault(name, List.of()), List.of());
    }

    private static Change created(String id, String type, String... attributes) {
        Map<String, List<de.freiraum.model.Attribute>> all = new HashMap<>();
        for (String attribute : attributes) {
            all.put(attribute, List.of(new Property(Value.of(1), AttributeMeta.NONE)));
        }
        Entity entity = new Entity(id, List.of(type), List.of(), all, null, null, null);
        return new Change(TENANT, id, null, entity, List.of(), Instant.EPOCH, Origin.API, 1);
    }

    @Test
    void findsByType() {
        put("buildings", List.of(selector("Building", null)));
        put("vehicles", List.of(selector("Vehicle", null)));
        assertThat(index.candidates(created("urn:b:1", "Building", "a"))).containsExactly("buildings");
    }

    @Test
    void findsByOneOfSeveralTypes() {
        put("either", List.of(selector("(Building|Tower)", null)));
        assertThat(index.candidates(created("urn:b:1", "Tower"))).containsExactly("either");
        assertThat(index.candidates(created("urn:b:1", "Vehicle"))).isEmpty();
    }

    @Test
    void findsById() {
        put("one", List.of(selector("Building", null, "urn:b:1")));
        assertThat(index.candidates(created("urn:b:1", "Building"))).containsExactly("one");
        assertThat(index.candidates(created("urn:b:2", "Building"))).isEmpty();
    }

    @Test
    void findsByWatchedAttribute() {
        put("name", List.of(selector("Building", null)), "name", "alias");
        assertThat(index.candidates(created("urn:b:1", "Building", "alias"))).containsExactly("name");
        assertThat(index.candidates(created("urn:b:1", "Building", "other"))).isEmpty();
    }

    @Test
    void findsWithoutAnySelector() {
        put("any", List.of(), "name");
        put("pattern", List.of(selector("*", "^urn:b")));
        assertThat(index.candidates(created("urn:b:1", "Building", "name")))
                .containsExactlyInAnyOrder("any", "pattern");
    }

    @Test
    void findsNothingOfAnotherTenant() {
        put("buildings", List.of(selector("Building", null)));
        Change here = created("urn:b:1", "Building");
        Change there =
                new Change(new Tenant("x"), here.entityId(), null, here.after(), List.of(), here.at(), Origin.API, 2);
        assertThat(index.candidates(there)).isEmpty();
    }

    @Test
    void movesWhenItChanges() {
        put("one", List.of(selector("Building", null)));
        put("one", List.of(selector("Vehicle", null)));
        assertThat(index.candidates(created("urn:b:1", "Building"))).isEmpty();
        assertThat(index.candidates(created("urn:b:1", "Vehicle"))).containsExactly("one");
    }

    @Test
    void forgetsWhatIsRemoved() {
        put("one", List.of(selector("Building", null)));
        put("two", List.of(selector("Building", null)));
        remove("one");
        assertThat(index.candidates(created("urn:b:1", "Building"))).containsExactly("two");
        remove("two");
        assertThat(index.candidates(created("urn:b:1", "Building"))).isEmpty();
    }

    @Test
    void aHundredThousandSubscriptionsLeaveOnlyThoseThatCouldMatch() {
        for (int i = 0; i < 50_000; i++) {
            put("id" + i, List.of(selector("Building", null, "urn:b:" + i)), "name");
            put("type" + i, List.of(selector("Type" + i, null)), "name");
        }
        put("all", List.of(selector("Building", null)), "name");
        assertThat(index.candidates(created("urn:b:77", "Building", "name"))).containsExactlyInAnyOrder("id77", "all");
        assertThat(index.candidates(created("urn:b:77", "Type5", "name"))).containsExactlyInAnyOrder("id77", "type5");
    }
}
