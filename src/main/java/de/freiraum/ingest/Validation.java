package de.freiraum.ingest;

import de.freiraum.ingest.config.SourceDefinition;
import de.freiraum.ingest.mapping.Mapping;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.validation.ModelRules;
import de.freiraum.ingest.validation.Policy;
import de.freiraum.model.EntityFragment;
import de.freiraum.store.EntityStore;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Holds what messages become to the rules of their data models, as their source says. */
final class Validation {
    private static final int MOST_FAULTS = 5;

    private final EntityStore entities;
    private final InstantSource clock;
    private final ModelRules rules = ModelRules.load();
    private final Warnings warnings = new Warnings();

    Validation(EntityStore entities, InstantSource clock) {
        this.entities = entities;
        this.clock = clock;
    }

    /** The same, with a note where rules are broken; fails with NOT_VALID where the source rejects that. Complete at once unless the store is asked. */
    Future<Mapping.Mapped> check(SourceDefinition source, Mapping.Mapped mapped, SourceMetrics counters) {
        if (source.validation() == Policy.OFF) {
            return Future.succeededFuture(mapped);
        }
        List<String> faults = new ArrayList<>(0);
        Future<Void> looked = Future.succeededFuture();
        for (EntityFragment fragment : mapped.fragments()) {
            faults.addAll(rules.faults(fragment));
            Map<String, String> missing = rules.missing(fragment);
            if (!missing.isEmpty()) {
                looked = looked.compose(before -> lookUp(source, fragment, missing, faults));
            }
        }
        return looked.succeeded() && faults.isEmpty()
                ? Future.succeededFuture(mapped)
                : looked.compose(done -> judge(source, mapped, faults, counters));
    }

    /** Required attributes may be in the store already. */
    private Future<Void> lookUp(
            SourceDefinition source, EntityFragment fragment, Map<String, String> missing, List<String> faults) {
        return entities.retrieve(source.tenant(), Objects.requireNonNull(fragment.id()))
                .map(entity -> {
                    missing.forEach((iri, name) -> {
                        if (entity == null || !entity.attributes().containsKey(iri)) {
                            faults.add(name + " is missing");
                        }
                    });
                    return null;
                });
    }

    private Future<Mapping.Mapped> judge(
            SourceDefinition source, Mapping.Mapped mapped, List<String> faults, SourceMetrics counters) {
        if (faults.isEmpty()) {
            return Future.succeededFuture(mapped);
        }
        String detail = String.join("; ", faults.subList(0, Math.min(MOST_FAULTS, faults.size())));
        if (source.validation() == Policy.REJECT) {
            return Future.failedFuture(new Rejection(Rejection.Reason.NOT_VALID, detail));
        }
        counters.notValid(faults.size());
        warnings.warn(source.id(), clock.instant(), detail);
        List<String> notes = new ArrayList<>(mapped.notes());
        notes.add("not valid: " + detail);
        return Future.succeededFuture(new Mapping.Mapped(mapped.fragments(), notes));
    }
}
