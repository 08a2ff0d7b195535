package de.freiraum.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.freiraum.model.Tenant;
import de.freiraum.store.DocumentStore.Document;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link DocumentStore} does. */
public abstract class DocumentStoreContract extends StoreContract {
    private static final String DOCS = "subscriptions";

    @Test
    void givesBackADocument() {
        put("a", "1");

        assertThat(get("a")).isEqualTo("1");
    }

    @Test
    void givesNullForADocumentThatIsNotThere() {
        assertThat(get("a")).isNull();
    }

    @Test
    void writesOverADocument() {
        put("a", "1");
        put("a", "2");

        assertThat(get("a")).isEqualTo("2");
    }

    @Test
    void keepsAnEmptyDocument() {
        put("a", "");

        assertThat(get("a")).isEmpty();
    }

    @Test
    void putIfAbsentKeepsWhatIsThere() {
        assertThat(putIfAbsent("a", "1")).isTrue();
        assertThat(putIfAbsent("a", "2")).isFalse();
        assertThat(get("a")).isEqualTo("1");
    }

    @Test
    void ofManyWhoPutIfAbsentOneWins() {
        List<Future<Boolean>> all = IntStream.range(0, 50)
                .mapToObj(i -> documents()
                        .putIfAbsent(TENANT, DOCS, "a", Integer.toString(i).getBytes(UTF_8)))
                .toList();
        await(Future.all(all));

        assertThat(all.stream().filter(f -> f.result().booleanValue())).hasSize(1);
    }

    @Test
    void changesADocumentThatIsThere() {
        put("a", "1");

        assertThat(await(documents().update(TENANT, DOCS, "a", DocumentStoreContract::incremented)))
                .isTrue();
        assertThat(get("a")).isEqualTo("2");
        assertThat(await(documents().update(TENANT, DOCS, "b", DocumentStoreContract::incremented)))
                .isFalse();
        assertThat(get("b")).isNull();
    }

    @Test
    void concurrentChangesOfADocumentAllCount() {
        put("a", "0");
        await(Future.all(IntStream.range(0, 50)
                .mapToObj(i -> documents().update(TENANT, DOCS, "a", DocumentStoreContract::incremented))
                .toList()));

        assertThat(get("a")).isEqualTo("50");
    }

    private static byte[] incremented(byte[] number) {
        return Integer.toString(Integer.parseInt(new String(number, UTF_8)) + 1).getBytes(UTF_8);
    }

    @Test
    void deletesAndSaysWhetherThereWasOne() {
        put("a", "1");

        assertThat(await(documents().delete(TENANT, DOCS, "a"))).isTrue();
        assertThat(await(documents().delete(TENANT, DOCS, "a"))).isFalse();
        assertThat(get("a")).isNull();
        assertThat(putIfAbsent("a", "2")).isTrue();
    }

    @Test
    void writesInTheOrderInWhichOneCallerAskedForThem() {
        List<Future<?>> all = List.of(
                documents().put(TENANT, DOCS, "a", "1".getBytes(UTF_8)),
                documents().delete(TENANT, DOCS, "a"),
                documents().putIfAbsent(TENANT, DOCS, "a", "2".getBytes(UTF_8)));
        await(Future.all(all));

        assertThat(get("a")).isEqualTo("2");
    }

    @Test
    void listsInTheOrderOfKeysPageByPage() {
        for (String key : List.of("b", "a", "c", "ä", "a/1", "aa")) {
            put(key, key);
        }

        List<Document> first = await(documents().list(TENANT, DOCS, null, 4));
        List<Document> second = await(documents().list(TENANT, DOCS, "b", 4));

        assertThat(first).extracting(Document::key).containsExactly("a", "a/1", "aa", "b");
        assertThat(second).extracting(Document::key).containsExactly("c", "ä");
        assertThat(first)
                .allSatisfy(d -> assertThat(new String(d.bytes(), UTF_8)).isEqualTo(d.key()));
    }

    @Test
    void listsBehindAKeyThatIsNotThere() {
        put("a", "1");
        put("c", "1");

        assertThat(await(documents().list(TENANT, DOCS, "b", 4)))
                .extracting(Document::key)
                .containsExactly("c");
    }

    @Test
    void knowsTheCollectionsOfATenant() {
        for (String collection : List.of("b", "a", "ab")) {
            await(documents().put(TENANT, collection, "k", new byte[0]));
            await(documents().put(TENANT, collection, "l", new byte[0]));
        }
        await(documents().put(new Tenant("schwerte"), "c", "k", new byte[0]));

        assertThat(await(documents().collections(TENANT))).containsExactlyInAnyOrder("a", "ab", "b");
        assertThat(await(documents().collections(new Tenant("dortmund")))).isEmpty();
    }

    @Test
    void anEmptyCollectionHasAnEmptyList() {
        put("a", "1");

        assertThat(await(documents().list(TENANT, "sub", null, 4))).isEmpty();
        assertThat(await(documents().list(TENANT, DOCS + "2", null, 4))).isEmpty();
    }

    @Test
    void refusesALimitOfZero() {
        assertThatThrownBy(() -> await(documents().list(TENANT, DOCS, null, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limit");
    }

    @Test
    void tenantsAndCollectionsDoNotSeeEachOther() {
        Tenant other = new Tenant("schwerte");
        put("a", "1");
        await(documents().put(other, DOCS, "a", "2".getBytes(UTF_8)));
        await(documents().put(TENANT, "contexts", "a", "3".getBytes(UTF_8)));

        assertThat(get("a")).isEqualTo("1");
        assertThat(await(documents().list(other, DOCS, null, 9))).hasSize(1);
        assertThat(entities().tenants()).contains(other);
    }

    @Test
    void documentsAreThereAfterARestart() {
        assumeTrue(persistent());
        put("a", "1");
        put("b", "1");
        await(documents().delete(TENANT, DOCS, "b"));

        reopen();

        assertThat(get("a")).isEqualTo("1");
        assertThat(get("b")).isNull();
    }

    private void put(String key, String text) {
        await(documents().put(TENANT, DOCS, key, text.getBytes(UTF_8)));
    }

    private boolean putIfAbsent(String key, String text) {
        return await(documents().putIfAbsent(TENANT, DOCS, key, text.getBytes(UTF_8)));
    }

    private @Nullable String get(String key) {
        byte[] bytes = await(documents().get(TENANT, DOCS, key));
        return bytes == null ? null : new String(bytes, UTF_8);
    }
}
