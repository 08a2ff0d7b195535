package de.freiraum.broker;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.json.Times;
import de.freiraum.jsonld.CachedContext;
import de.freiraum.jsonld.ContextCacheListener;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.store.DocumentStore;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps fetched contexts in the store, so that a restart does not depend on other hosts. A copy that cannot be kept is only logged. */
public final class ContextCacheStore implements ContextCacheListener {
    private static final Logger LOG = LoggerFactory.getLogger(ContextCacheStore.class);
    private static final String COLLECTION = "cachedContexts";
    private static final int MAX_ENTRIES = 10_000;

    private final DocumentStore store;

    /** A cache in that store. */
    public ContextCacheStore(DocumentStore store) {
        this.store = store;
    }

    /** What was kept, for {@link de.freiraum.jsonld.ContextResolver#restore}. */
    public Future<List<CachedContext>> load() {
        return store.list(Tenant.DEFAULT, COLLECTION, null, MAX_ENTRIES).map(documents -> {
            List<CachedContext> found = new ArrayList<>();
            for (DocumentStore.Document document : documents) {
                try {
                    found.add(read(document.key(), document.bytes()));
                } catch (NgsiLdException | IllegalStateException | DateTimeParseException e) {
                    LOG.warn("the kept context {} is left out, for it cannot be read", document.key());
                }
            }
            return found;
        });
    }

    @Override
    public void stored(CachedContext entry) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("createdAt", Value.of(Times.format(entry.createdAt())));
        members.put("expiresAt", Value.of(Times.format(entry.expiresAt())));
        members.put("body", Value.of(new String(entry.body(), StandardCharsets.UTF_8)));
        store.put(Tenant.DEFAULT, COLLECTION, entry.url(), JsonWriter.write(new Value.Obj(members)))
                .onFailure(e -> LOG.warn("the context {} is not kept", entry.url(), e));
    }

    @Override
    public void removed(String url) {
        store.delete(Tenant.DEFAULT, COLLECTION, url).onFailure(e -> LOG.warn("the context {} is still kept", url, e));
    }

    private static CachedContext read(String url, byte[] bytes) {
        if (JsonReader.read(bytes) instanceof Value.Obj document
                && document.get("createdAt") instanceof Value.Text createdAt
                && document.get("expiresAt") instanceof Value.Text expiresAt
                && document.get("body") instanceof Value.Text body) {
            Instant at = Instant.parse(createdAt.text());
            return new CachedContext(
                    url, body.text().getBytes(StandardCharsets.UTF_8), at, Instant.parse(expiresAt.text()), at, 0);
        }
        throw new IllegalStateException("no kept context");
    }
}
