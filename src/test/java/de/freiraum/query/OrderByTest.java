package de.freiraum.query;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrderByTest {
    private static Entity entity(String id, Value value) {
        return new Entity(
                id,
                List.of("T"),
                List.of(),
                Map.of("v", List.of(new Attribute.Property(value, AttributeMeta.NONE))),
                null,
                null,
                null);
    }

    private static List<String> ordered(@Nullable String collation, String... texts) {
        List<Entity> entities = new ArrayList<>();
        for (String text : texts) {
            entities.add(entity("urn:" + text, Value.of(text)));
        }
        return OrderBy.parse("v", collation, null, t -> t).sorted(entities).stream()
                .map(e -> e.id().substring(4))
                .toList();
    }

    @Test
    void stringsFollowTheRootCollation() {
        assertThat(ordered(null, "b", "Z", "ä", "a", "A", "é", "e")).containsExactly("a", "A", "ä", "b", "e", "é", "Z");
    }

    @Test
    void aCollationOfALanguageIsFollowed() {
        assertThat(ordered("sv", "ö", "z", "o")).containsExactly("o", "z", "ö");
        assertThat(ordered("de-u-co-phonebk", "Muller", "Mueller", "Müller", "Mufti"))
                .containsExactly("Mueller", "Müller", "Mufti", "Muller");
    }

    @Test
    void typesFollowTheOrderOfTheClause() {
        List<Value> inOrder = List.of(
                Value.of(2L),
                Value.of(10.5),
                Value.of("a"),
                new Value.Obj(Map.of("x", Value.of(1L))),
                new Value.Array(List.of(Value.of(1L))),
                Value.of(false),
                Value.of(true),
                Value.of("10:00:00Z"),
                Value.of("2020-01-01"),
                Value.of("2020-01-01T00:00:00Z"),
                Value.Null.INSTANCE);
        List<Entity> entities = new ArrayList<>();
        for (int i = inOrder.size() - 1; i >= 0; i--) {
            entities.add(entity("urn:" + (char) ('z' - i), inOrder.get(i)));
        }
        assertThat(OrderBy.parse("v", null, null, t -> t).sorted(entities))
                .extracting(e -> ((Attribute.Property) e.attribute("v").get(0)).value())
                .isEqualTo(inOrder);
    }

    @Test
    void equalsAreOrderedByUri() {
        assertThat(OrderBy.parse("v;desc", null, null, t -> t)
                        .sorted(List.of(entity("urn:b", Value.of(1L)), entity("urn:a", Value.of(1.0)))))
                .extracting(Entity::id)
                .containsExactly("urn:a", "urn:b");
    }
}
