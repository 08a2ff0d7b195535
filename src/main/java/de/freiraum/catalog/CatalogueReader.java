package de.freiraum.catalog;

import de.freiraum.broker.Caller;
import de.freiraum.broker.ScanOperations;
import de.freiraum.broker.ScanOperations.Period;
import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/** Looks at everything that is published, piece by piece, and describes it. */
final class CatalogueReader {
    private static final int PIECE = 500;
    private static final int PIECE_OF_PAST = 100;

    private final Publication publication;
    private final ScanOperations scan;
    private final Supplier<? extends Collection<Tenant>> tenants;
    private final Set<String> hiddenAttributes;
    private final InstantSource clock;
    private final ReportingDays days;
    private final ObservedMonths months;

    CatalogueReader(
            Publication publication,
            ScanOperations scan,
            Supplier<? extends Collection<Tenant>> tenants,
            InstantSource clock) {
        this.clock = clock;
        this.publication = publication;
        this.scan = scan;
        this.tenants = tenants;
        this.hiddenAttributes = publication.hiddenAttributes();
        this.days = new ReportingDays(scan, clock);
        this.months = new ObservedMonths(scan);
    }

    /** The catalogue as of now. */
    Future<Catalogue> read() {
        List<Dataset> datasets = new ArrayList<>();
        return each(publication.open(tenants.get()), tenant -> read(tenant).map(found -> {
                    datasets.addAll(found);
                    return null;
                }))
                .map(done -> new Catalogue(publication.about(), datasets));
    }

    private Future<List<Dataset>> read(Tenant tenant) {
        Caller reader = publication.reader(tenant);
        City city = publication.city(tenant);
        Map<String, TypeSurvey> surveys = new TreeMap<>();
        return Loop.<Entity>pieces(
                        after -> scan.entities(reader, EntityQuery.ALL, after, PIECE),
                        entity -> see(entity, city, surveys))
                .compose(done -> each(surveys.values(), type -> past(reader, type)
                        .compose(first -> days.tell(reader, type))
                        .compose(told -> months.tell(reader, type))))
                .compose(done -> names(reader, surveys.values()))
                .map(names -> surveys.values().stream()
                        .flatMap(type -> type.datasets(hiddenAttributes, names).stream())
                        .toList());
    }

    /** What the places are called that have datasets of their own, by URI. */
    private Future<Map<String, String>> names(Caller reader, Collection<TypeSurvey> surveys) {
        Set<String> places = new TreeSet<>();
        List<String> attributes = new ArrayList<>();
        surveys.forEach(type -> {
            places.addAll(type.places());
            attributes.add(type.kind().context().expand("name"));
        });
        attributes.removeAll(hiddenAttributes);
        Map<String, String> names = new HashMap<>();
        if (places.isEmpty()) {
            return Future.succeededFuture(names);
        }
        return Loop.<Entity>pieces(
                        after -> scan.entities(reader, EntityQuery.ALL.withIds(places), after, PIECE), place -> {
                            String name = Group.nameOf(place, attributes);
                            if (name != null) {
                                names.put(place.id(), name);
                            }
                        })
                .map(done -> names);
    }

    private void see(Entity entity, City city, Map<String, TypeSurvey> surveys) {
        for (String type : entity.types()) {
            TypeSurvey survey = surveys.get(type);
            if (survey == null) {
                Kind kind = publication.kind(type);
                if (kind == null) {
                    continue;
                }
                boolean open = kind.groupBy() != null && !hiddenAttributes.contains(kind.groupBy());
                survey = new TypeSurvey(
                        city, kind, clock.instant(), open ? publication.config().groups() : 0);
                surveys.put(type, survey);
            }
            survey.see(entity);
        }
    }

    /** Looks for the first observation. */
    private Future<Void> past(Caller reader, TypeSurvey type) {
        if (!type.hasPast()) {
            return Future.succeededFuture();
        }
        EntityQuery query = EntityQuery.ofType(type.type());
        Period firsts = new Period(type.observed(), null, null, 1);
        return Loop.<ScanOperations.Past>pieces(
                after -> scan.past(reader, query, firsts, after, PIECE_OF_PAST),
                past -> past.instances().forEach(instance -> {
                    Instant at = instance.instance().meta().observedAt();
                    if (at != null) {
                        type.seePast(past.current(), at);
                    }
                }));
    }

    /** One after the other. */
    private static <T> Future<Void> each(Collection<T> items, Function<T, Future<Void>> step) {
        Iterator<T> left = items.iterator();
        return left.hasNext()
                ? Loop.whileTrue(() -> step.apply(left.next()).map(done -> left.hasNext()))
                : Future.succeededFuture();
    }
}
