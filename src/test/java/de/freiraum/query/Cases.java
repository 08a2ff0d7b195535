package de.freiraum.query;

import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Entity;
import de.freiraum.model.Value;
import de.freiraum.representation.EntityReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/** The tables of cases under {@code query/cases}, and the entities that they are tried on. */
final class Cases {
    private static final Context CONTEXT = BuiltInContexts.core();

    static final UnaryOperator<String> EXPAND = CONTEXT::expand;
    static final UnaryOperator<String> COMPACT = CONTEXT::compact;
    static final GeoQueryParser.JsonText JSON = text -> JsonReader.read(text.getBytes(StandardCharsets.UTF_8));

    /** The entities by the last part of their URI. */
    static final Map<String, Entity> ENTITIES = entities();

    static final LinkedEntities LINKED = id -> ENTITIES.values().stream()
            .filter(e -> e.id().equals(id))
            .findFirst()
            .orElse(null);

    private Cases() {}

    private static Map<String, Entity> entities() {
        Map<String, Entity> entities = new LinkedHashMap<>();
        for (Value value : load("entities").items()) {
            Entity entity = EntityReader.readForeign(value, CONTEXT);
            entities.put(entity.id().substring(entity.id().lastIndexOf(':') + 1), entity);
        }
        return entities;
    }

    private static Value.Array load(String name) {
        try (InputStream in = Cases.class.getResourceAsStream("/query/cases/" + name + ".json")) {
            return (Value.Array) JsonReader.read(Objects.requireNonNull(in).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One test a row. */
    static Stream<DynamicTest> each(String table, Consumer<Row> test) {
        return load(table).items().stream()
                .map(item -> new Row((Value.Obj) item))
                .map(row -> DynamicTest.dynamicTest(Objects.requireNonNull(row.text("name")), () -> test.accept(row)));
    }

    /** One row of a table. */
    record Row(Value.Obj members) {
        @Nullable
        String text(String name) {
            return members.get(name) instanceof Value.Text t ? t.text() : null;
        }

        String required(String name) {
            return Objects.requireNonNull(text(name));
        }

        List<String> texts(String name) {
            return members.get(name) instanceof Value.Array array
                    ? array.items().stream().map(v -> ((Value.Text) v).text()).toList()
                    : List.of();
        }
    }

    /** The names of the entities that match a query. */
    static List<String> matching(EntityQuery query) {
        return ENTITIES.entrySet().stream()
                .filter(e -> query.matches(e.getValue(), LINKED))
                .map(Map.Entry::getKey)
                .toList();
    }
}
