package de.freiraum.store.embedded;

import de.freiraum.model.Tenant;
import de.freiraum.store.DocumentStore.Document;
import de.freiraum.store.change.Reply;
import de.freiraum.store.embedded.Engine.Column;
import de.freiraum.store.embedded.Engine.Cursor;
import de.freiraum.store.embedded.Engine.Step;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The documents of a store: subscriptions, registrations and other things that are kept whole. Callable from any thread. */
final class Documents {
    private final Workings work;

    Documents(Workings work) {
        this.work = work;
    }

    /** What to make of the document that is there, or null: keep it. */
    private interface DocumentChange<T> {
        T collect(byte[] key, byte @Nullable [] there, GroupCommitter.Group group);
    }

    Future<Void> put(Tenant tenant, String collection, String key, byte[] document) {
        return this.<Boolean>write(tenant, collection, key, (at, there, group) -> {
                    group.add(Step.put(Column.DOCUMENTS, at, document));
                    return true;
                })
                .mapEmpty();
    }

    Future<Boolean> putIfAbsent(Tenant tenant, String collection, String key, byte[] document) {
        return write(tenant, collection, key, (at, there, group) -> {
            if (there != null) {
                return false;
            }
            group.add(Step.put(Column.DOCUMENTS, at, document));
            return true;
        });
    }

    Future<Boolean> delete(Tenant tenant, String collection, String key) {
        return write(tenant, collection, key, (at, there, group) -> {
            if (there == null) {
                return false;
            }
            group.add(Step.delete(Column.DOCUMENTS, at));
            return true;
        });
    }

    Future<Boolean> update(Tenant tenant, String collection, String key, UnaryOperator<byte[]> change) {
        return write(tenant, collection, key, (at, there, group) -> {
            if (there == null) {
                return false;
            }
            group.add(Step.put(Column.DOCUMENTS, at, change.apply(there)));
            return true;
        });
    }

    private <T> Future<T> write(Tenant tenant, String collection, String key, DocumentChange<T> change) {
        RuntimeException refusal = work.admission().admit(1);
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        DocumentItem<T> item = new DocumentItem<>(tenant, Keys.of(tenant.partition(), collection, key), change);
        work.committer().submit(item);
        return item.reply.future();
    }

    private final class DocumentItem<T> extends Places.PlacedItem {
        private final Reply<T> reply = new Reply<>();
        private final byte[] key;
        private final DocumentChange<T> change;
        private @Nullable T result;

        DocumentItem(Tenant tenant, byte[] key, DocumentChange<T> change) {
            super(work.places(), tenant);
            this.key = key;
            this.change = change;
        }

        @Override
        boolean write(GroupCommitter.Group group) {
            result = change.collect(key, group.document(key), group);
            return true;
        }

        @Override
        void settled(@Nullable RuntimeException failed) {
            work.admission().release(1);
            if (failed != null) {
                reply.fail(failed);
            } else {
                reply.succeed(Objects.requireNonNull(result));
            }
        }

        @Override
        int shard() {
            return -1;
        }
    }

    Future<byte @Nullable []> get(Tenant tenant, String collection, String key) {
        return work.readers()
                .executeBlocking(
                        () -> work.engine().get(Column.DOCUMENTS, Keys.of(tenant.partition(), collection, key)), false);
    }

    Future<Set<String>> collections(Tenant tenant) {
        return work.readers()
                .executeBlocking(
                        () -> {
                            byte[] all = Keys.of(tenant.partition());
                            Set<String> names = new TreeSet<>();
                            try (Cursor cursor = work.engine().cursor(Column.DOCUMENTS)) {
                                cursor.seek(all);
                                while (cursor.valid() && Keys.startsWith(cursor.key(), all)) {
                                    String name = Keys.parts(cursor.key(), 2)[1];
                                    names.add(name);
                                    cursor.seek(Keys.behind(Keys.of(tenant.partition(), name)));
                                }
                            }
                            return names;
                        },
                        false);
    }

    Future<List<Document>> list(Tenant tenant, String collection, @Nullable String after, int limit) {
        if (limit < 1) {
            return Future.failedFuture(new IllegalArgumentException("limit: at least 1 is allowed, not " + limit));
        }
        return work.readers()
                .executeBlocking(
                        () -> {
                            byte[] all = Keys.of(tenant.partition(), collection);
                            List<Document> documents = new ArrayList<>();
                            try (Cursor cursor = work.engine().cursor(Column.DOCUMENTS)) {
                                cursor.seek(
                                        after == null
                                                ? all
                                                : Keys.behind(Keys.of(tenant.partition(), collection, after)));
                                while (cursor.valid()
                                        && documents.size() < limit
                                        && Keys.startsWith(cursor.key(), all)) {
                                    documents.add(new Document(Keys.parts(cursor.key(), 3)[2], cursor.value()));
                                    cursor.next();
                                }
                            }
                            return documents;
                        },
                        false);
    }
}
