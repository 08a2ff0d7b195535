package de.freiraum.aggregate.parking;

import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.EntityChange;
import de.freiraum.model.Observations;
import de.freiraum.model.UpdateResult;
import de.freiraum.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A spot whose sensor has been silent for too long becomes unknown. */
final class Silence {
    private Silence() {}

    /**
     * Makes the spot unknown if it is still silent at that time; a message that came meanwhile wins. The status keeps the time of the last
     * observation, and history keeps the last state.
     */
    static EntityChange change(Instant at, ParkingNames names, ParkingConfig config) {
        return (before, now) -> {
            Attribute status = before == null ? null : before.defaultInstance(names.status());
            Instant silentAt = status == null ? null : SpotState.silentAt(status, names, config);
            if (before == null || status == null || silentAt == null || silentAt.isAfter(at)) {
                return EntityChange.Outcome.of(before, UpdateResult.EMPTY);
            }
            AttributeMeta meta = status.meta();
            Instant observedAt = meta.observedAt();
            // The identity of the observation itself stays with the last state, or history would lose it.
            String instanceId =
                    observedAt == null ? null : Observations.instanceId(names.status(), "silence", observedAt);
            Attribute unknown = new Attribute.Property(
                    Value.of(SpotStatus.UNKNOWN.word()),
                    meta.withTimes(meta.createdAt(), now, null).withInstanceId(instanceId));
            List<Attribute> instances = new ArrayList<>(before.attribute(names.status()));
            instances.replaceAll(instance -> instance == status ? unknown : instance);
            Map<String, List<Attribute>> attributes = new LinkedHashMap<>(before.attributes());
            attributes.put(names.status(), instances);
            return EntityChange.Outcome.of(
                    before.withAttributes(attributes).withTimes(before.createdAt(), now),
                    new UpdateResult(List.of(names.status()), List.of()));
        };
    }
}
