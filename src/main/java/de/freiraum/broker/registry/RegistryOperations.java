package de.freiraum.broker.registry;

import de.freiraum.broker.Caller;
import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressException;
import de.freiraum.jsonld.Context;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.registration.CSourceRegistration;
import de.freiraum.registration.RegistrationConflicts;
import de.freiraum.registration.RegistrationQuery;
import de.freiraum.representation.Names;
import de.freiraum.representation.RegistrationReader;
import de.freiraum.store.DocumentStore;
import de.freiraum.store.EntityStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers, updates, deletes and finds context sources (clauses 5.9 and 5.10). */
public final class RegistryOperations {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryOperations.class);
    /** Where they are in the store. */
    public static final String COLLECTION = "csourceRegistrations";

    private static final int PAGE = 1000;

    /** Hears of changes of the registrations, after they are stored, in order for each tenant; must return at once. */
    @FunctionalInterface
    public interface Listener {
        /** A registration was added ({@code before} is null), changed, or deleted ({@code after} is null). */
        void changed(Tenant tenant, @Nullable RegisteredSource before, @Nullable RegisteredSource after);
    }

    /**
     * A page of registrations, oldest first.
     *
     * @param sources the page
     * @param more whether there are more behind it
     * @param count all that match
     */
    public record Page(List<RegisteredSource> sources, boolean more, long count) {
        /** Copies the list. */
        public Page {
            sources = List.copyOf(sources);
        }
    }

    private final DocumentStore documents;
    private final EntityStore entities;
    private final Egress egress;
    private final Supplier<String> ids;
    private final InstantSource clock;
    private final Map<Tenant, SourceIndex> indexes = new ConcurrentHashMap<>();
    private final Map<Tenant, Future<Void>> tails = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    private RegistryOperations(
            DocumentStore documents, EntityStore entities, Egress egress, Supplier<String> ids, InstantSource clock) {
        this.documents = documents;
        this.entities = entities;
        this.egress = egress;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Reads all registrations from the store.
     *
     * @param documents where they lie
     * @param entities what the broker holds itself, which must not conflict with proxied registrations; its tenants are those read
     * @param egress knows where requests may go
     * @param ids makes unique strings for the URIs of new registrations
     * @param clock tells the time
     */
    public static Future<RegistryOperations> open(
            DocumentStore documents, EntityStore entities, Egress egress, Supplier<String> ids, InstantSource clock) {
        RegistryOperations operations = new RegistryOperations(documents, entities, egress, ids, clock);
        Future<Void> loaded = Future.succeededFuture();
        for (Tenant tenant : entities.tenants()) {
            loaded = loaded.compose(v -> operations.load(tenant, null));
        }
        return loaded.map(v -> operations);
    }

    private Future<Void> load(Tenant tenant, @Nullable String after) {
        return documents.list(tenant, COLLECTION, after, PAGE).compose(page -> {
            for (DocumentStore.Document document : page) {
                try {
                    put(tenant, StoredRegistrations.read(document.bytes()));
                } catch (NgsiLdException | IllegalStateException e) {
                    LOG.error(
                            "registration {} of tenant \"{}\" cannot be read and is not in force",
                            document.key(),
                            tenant.name(),
                            e);
                }
            }
            return page.size() < PAGE
                    ? Future.succeededFuture()
                    : load(tenant, page.get(page.size() - 1).key());
        });
    }

    /** Takes over what another replica made of a registration. */
    public Future<Void> refresh(Tenant tenant, String id) {
        return inOrder(tenant, () -> documents.get(tenant, COLLECTION, id).map(bytes -> {
            RegisteredSource after = bytes == null ? null : StoredRegistrations.read(bytes);
            if (after != null) {
                put(tenant, after);
            } else {
                indexes.computeIfPresent(tenant, (t, index) -> index.without(id));
            }
            return null;
        }));
    }

    /** The same for all registrations of a tenant. */
    public Future<Void> refreshAll(Tenant tenant) {
        Set<String> all = ConcurrentHashMap.newKeySet();
        sources(tenant).all().forEach(source -> all.add(source.registration().id()));
        return documents
                .each(tenant, COLLECTION, document -> all.add(document.key()))
                .compose(v ->
                        Future.join(all.stream().map(id -> refresh(tenant, id)).toList()))
                .mapEmpty();
    }

    /** Adds a listener. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** The tenants that have registrations. */
    public Set<Tenant> tenants() {
        return Set.copyOf(indexes.keySet());
    }

    /** The registrations of a tenant as they are now. */
    public SourceIndex sources(Tenant tenant) {
        return indexes.getOrDefault(tenant, SourceIndex.EMPTY);
    }

    /**
     * Registers a context source (clause 5.9.2).
     *
     * @param body without {@code @context}
     * @param context what its names belong to
     * @return the registration's URI; fails with BadRequestData, AlreadyExists or Conflict
     */
    public Future<String> register(Caller caller, Value.Obj body, Context context) {
        Tenant tenant = caller.tenant();
        return inOrder(tenant, () -> {
            Instant now = clock.instant();
            CSourceRegistration read =
                    RegistrationReader.create(body, context, "urn:ngsi-ld:ContextSourceRegistration:" + ids.get(), now);
            checkEndpoint(read);
            if (sources(tenant).get(read.id(), now) != null) {
                return Future.failedFuture(new NgsiLdException(
                        ErrorType.AlreadyExists, "there is already a registration " + clip(read.id())));
            }
            RegisteredSource source = new RegisteredSource(read, now, now);
            return checkConflicts(tenant, read)
                    .compose(v -> store(tenant, null, source))
                    .map(read.id());
        });
    }

    /**
     * Changes a registration (clause 5.9.3).
     *
     * @param fragment without {@code @context}
     * @param context what its names belong to
     * @return fails with BadRequestData, ResourceNotFound or Conflict
     */
    public Future<Void> update(Caller caller, String id, Value.Obj fragment, Context context) {
        Tenant tenant = caller.tenant();
        return inOrder(tenant, () -> {
            RegisteredSource before = retrieve(caller, id);
            CSourceRegistration updated =
                    RegistrationReader.update(before.registration(), fragment, context, clock.instant());
            checkEndpoint(updated);
            return checkConflicts(tenant, updated)
                    .compose(v -> store(tenant, before, before.updated(updated, clock.instant())));
        });
    }

    /**
     * Deletes a registration (clause 5.9.4).
     *
     * @return fails with BadRequestData or ResourceNotFound
     */
    public Future<Void> delete(Caller caller, String id) {
        return inOrder(caller.tenant(), () -> remove(caller.tenant(), retrieve(caller, id)));
    }

    /** Deletes the registrations that have ended (clause 5.9.2.4), which are out of force already. */
    public Future<Void> deleteExpired() {
        Instant now = clock.instant();
        Future<Void> all = Future.succeededFuture();
        for (Map.Entry<Tenant, SourceIndex> index : indexes.entrySet()) {
            for (RegisteredSource source : index.getValue().all()) {
                if (source.registration().isExpired(now)) {
                    all = all.compose(v -> inOrder(
                            index.getKey(),
                            () -> sources(index.getKey()).all().contains(source)
                                    ? remove(index.getKey(), source)
                                    : Future.succeededFuture()));
                }
            }
        }
        return all;
    }

    /**
     * One registration (clause 5.10.1).
     *
     * @throws NgsiLdException BadRequestData if the id is no URI, ResourceNotFound
     */
    public RegisteredSource retrieve(Caller caller, String id) {
        Names.uri(id, "registrationId");
        RegisteredSource source = sources(caller.tenant()).get(id, clock.instant());
        if (source == null) {
            throw NgsiLdException.notFound("there is no registration " + clip(id));
        }
        return source;
    }

    /** A page of the registrations that match (clause 5.10.2). */
    public Page query(Caller caller, RegistrationQuery query, int offset, int limit) {
        List<RegisteredSource> found = sources(caller.tenant())
                .valid(clock.instant())
                .filter(s -> query.matches(s.registration()))
                .toList();
        int from = Math.min(offset, found.size());
        int to = (int) Math.min((long) from + limit, found.size());
        return new Page(found.subList(from, to), to < found.size(), found.size());
    }

    private Future<Void> store(Tenant tenant, @Nullable RegisteredSource before, RegisteredSource after) {
        return documents
                .put(tenant, COLLECTION, after.registration().id(), StoredRegistrations.write(after))
                .map(v -> {
                    put(tenant, after);
                    listeners.forEach(l -> l.changed(tenant, before, after));
                    return null;
                });
    }

    private Future<Void> remove(Tenant tenant, RegisteredSource source) {
        String id = source.registration().id();
        return documents.delete(tenant, COLLECTION, id).map(there -> {
            indexes.computeIfPresent(tenant, (t, index) -> index.without(id));
            listeners.forEach(l -> l.changed(tenant, source, null));
            return null;
        });
    }

    private void put(Tenant tenant, RegisteredSource source) {
        indexes.merge(tenant, SourceIndex.EMPTY.with(source), (index, one) -> index.with(source));
    }

    private Future<Void> checkConflicts(Tenant tenant, CSourceRegistration candidate) {
        CSourceRegistration other =
                RegistrationConflicts.find(candidate, sources(tenant).registrations(clock.instant()));
        if (other != null) {
            return Future.failedFuture(new NgsiLdException(
                    ErrorType.Conflict,
                    "registration " + clip(other.id()) + " is " + other.mode()
                            + " and has attributes of the same entity already"));
        }
        Future<Void> checked = Future.succeededFuture();
        for (EntityQuery query : RegistrationConflicts.mustBeEmpty(candidate)) {
            checked = checked.compose(v -> entities.query(tenant, query, 0, 1, false))
                    .compose(page -> page.entities().isEmpty()
                            ? Future.succeededFuture()
                            : Future.failedFuture(new NgsiLdException(
                                    ErrorType.Conflict,
                                    "the broker holds what is to be registered as " + candidate.mode()
                                            + " itself, such as entity "
                                            + clip(page.entities().get(0).id()))));
        }
        return checked;
    }

    private void checkEndpoint(CSourceRegistration registration) {
        try {
            egress.check(URI.create(registration.endpoint()), Set.of("http", "https"));
        } catch (EgressException e) {
            throw NgsiLdException.badRequest("endpoint: " + e.getMessage());
        }
    }

    /** Runs work on a tenant's registrations after the work on them that was asked for before. */
    private <T> Future<T> inOrder(Tenant tenant, Supplier<Future<T>> work) {
        Promise<Void> mine = Promise.promise();
        Future<Void> end = mine.future();
        Future<Void> before = tails.put(tenant, end);
        return (before == null ? Future.<Void>succeededFuture() : before)
                .compose(v -> work.get())
                .andThen(done -> {
                    tails.remove(tenant, end);
                    mine.complete();
                });
    }

    private static String clip(String id) {
        return id.length() <= 100 ? id : id.substring(0, 100) + "…";
    }
}
