package de.freiraum.notify;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import de.freiraum.broker.Caller;
import de.freiraum.broker.subscriptions.SubscriptionOperations;
import de.freiraum.egress.AddressPolicy;
import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressSettings;
import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.model.DeliveryCounters;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChanges;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.notify.Receiver.Received;
import de.freiraum.representation.EntityReader;
import de.freiraum.representation.EntityWriter;
import de.freiraum.representation.ReadMode;
import de.freiraum.store.Store;
import de.freiraum.store.TestStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A notifier on the real store, with a real receiver. */
final class NotifierFixture {
    static final Context CORE = BuiltInContexts.core();
    static final String CORE_URL = BuiltInContexts.CORE_URL;

    final Vertx vertx = Vertx.vertx();
    final Clock clock = Clock.systemUTC();
    final Store store;
    final Egress egress;
    final Receiver receiver;
    final ContextResolver contexts = ContextResolver.builtInOnly();
    SubscriptionOperations operations;
    Notifier notifier;
    Caller caller = Caller.system(Tenant.DEFAULT);

    NotifierFixture() throws Exception {
        store = done(TestStore.open(vertx, clock));
        egress = new Egress(vertx, EgressSettings.DEFAULT.withAddresses(AddressPolicy.WITH_PRIVATE));
        receiver = new Receiver(vertx);
        operations = open();
        notifier = notifier(NotifierSettings.DEFAULT);
    }

    SubscriptionOperations open() throws Exception {
        return done(SubscriptionOperations.open(
                SubscriptionOperations.Kind.ENTITIES,
                store,
                Set.of(Tenant.DEFAULT, new Tenant("town")),
                contexts,
                (tenant, source) -> Future.succeededFuture(source instanceof Value.Text text ? text.text() : CORE_URL),
                egress,
                () -> UUID.randomUUID().toString(),
                clock));
    }

    Notifier notifier(NotifierSettings settings) throws Exception {
        Notifier made = new Notifier(
                vertx,
                store,
                operations,
                contexts,
                egress,
                new EntityWriter(1 << 20),
                settings,
                () -> UUID.randomUUID().toString(),
                clock);
        done(made.start());
        return made;
    }

    static <T> T done(Future<T> future) throws Exception {
        return future.await(10, SECONDS);
    }

    static Value.Obj json(String text) {
        return (Value.Obj) JsonReader.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** Subscribes to entities of type A with further members in front of the notification's. */
    String subscribe(String members, String notification) throws Exception {
        return subscribeTo("A", members, notification);
    }

    String subscribeTo(String type, String members, String notification) throws Exception {
        return done(operations.create(
                caller,
                json("{'type':'Subscription','entities':[{'type':'" + type + "'}]," + members + "'notification':{"
                        + notification + "}}"),
                CORE));
    }

    String endpoint(String path) {
        return "'endpoint':{'uri':'" + receiver.uri(path) + "'}";
    }

    void write(String id, EntityChange change) throws Exception {
        done(store.apply(caller.tenant(), id, change, Origin.API));
    }

    void create(String id, String attributes) throws Exception {
        createOf("A", id, attributes);
    }

    void createOf(String type, String id, String attributes) throws Exception {
        write(id, EntityChanges.create(fragment(type, id, attributes)));
    }

    void append(String id, String attributes) throws Exception {
        write(id, EntityChanges.append(id, fragment("A", id, attributes), true));
    }

    void patch(String id, String attributes) throws Exception {
        write(id, EntityChanges.update(id, EntityReader.read(json("{" + attributes + "}"), CORE, ReadMode.UPDATE)));
    }

    void deleteAttribute(String id, String name) throws Exception {
        write(id, EntityChanges.deleteAttribute(id, CORE.expand(name), null, true));
    }

    void deleteInstance(String id, String name, @Nullable String datasetId) throws Exception {
        write(id, EntityChanges.deleteAttribute(id, CORE.expand(name), datasetId, datasetId == null));
    }

    void delete(String id) throws Exception {
        write(id, EntityChanges.delete(id));
    }

    private static EntityFragment fragment(String type, String id, String attributes) {
        return EntityReader.read(
                json("{'id':'" + id + "','type':'" + type + "'" + attributes + "}"), CORE, ReadMode.CREATE);
    }

    Received next(int count) {
        return next("/ok", count);
    }

    /** The last of so many notifications, which is awaited. */
    Received next(String path, int count) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> receiver.received(path).size() >= count);
        List<Received> all = receiver.received(path);
        if (all.size() != count) {
            throw new AssertionError("not " + count + " notifications but " + all);
        }
        return all.get(count - 1);
    }

    DeliveryCounters counters(String id) {
        return operations.retrieve(caller, id).counters();
    }

    void close() throws Exception {
        done(notifier.close());
        done(vertx.close());
    }
}
