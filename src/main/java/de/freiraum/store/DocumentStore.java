package de.freiraum.store;

import de.freiraum.model.Tenant;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Small documents by key: subscriptions, registrations, contexts, snapshots, ingestion state, dead letters. Keys are ordered by their UTF-8
 * bytes. The same durability as for entities.
 */
public interface DocumentStore {
    /** How many documents {@link #each} reads at once. */
    int PAGE = 1000;

    /** Writes a document, whether it is there or not. */
    Future<Void> put(Tenant tenant, String collection, String key, byte[] document);

    /** Writes a document if there is none with that key. @return whether it was written */
    Future<Boolean> putIfAbsent(Tenant tenant, String collection, String key, byte[] document);

    /**
     * Changes a document, atomically, if it is there: no other write of it comes between reading and writing.
     *
     * @param change gives the new document; called on any thread, perhaps more than once, must not block
     * @return whether it was there
     */
    Future<Boolean> update(Tenant tenant, String collection, String key, UnaryOperator<byte[]> change);

    /** A document, or null. */
    Future<byte @Nullable []> get(Tenant tenant, String collection, String key);

    /** Removes a document. @return whether there was one */
    Future<Boolean> delete(Tenant tenant, String collection, String key);

    /**
     * Documents in the order of their keys.
     *
     * @param after only keys behind this one; null: from the first
     * @param limit the most documents to return, above 0
     */
    Future<List<Document>> list(Tenant tenant, String collection, @Nullable String after, int limit);

    /** The names of the collections in which a tenant has documents. */
    Future<Set<String>> collections(Tenant tenant);

    /** Hands over all documents in the order of their keys, page by page. @return completes when the last was handed over */
    default Future<Void> each(Tenant tenant, String collection, Consumer<Document> reader) {
        return each(tenant, collection, null, reader);
    }

    private Future<Void> each(Tenant tenant, String collection, @Nullable String after, Consumer<Document> reader) {
        return list(tenant, collection, after, PAGE).compose(page -> {
            page.forEach(reader);
            return page.size() < PAGE
                    ? Future.succeededFuture()
                    : each(tenant, collection, page.get(page.size() - 1).key(), reader);
        });
    }

    /** Adds somebody who hears what other processes write to the same place; a store that belongs to one process never calls it. */
    default void watch(Watcher watcher) {}

    /** Hears what other processes wrote. Called on any thread; must return at once. */
    interface Watcher {
        /** A document was written or deleted; read it to see. Called at least once after each write, and sometimes without one. */
        void changed(Tenant tenant, String collection, String key);

        /** Nobody knows what was written for a while; read everything. */
        void missed();
    }

    /** One document. */
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
    record Document(String key, byte[] bytes) {}
}
