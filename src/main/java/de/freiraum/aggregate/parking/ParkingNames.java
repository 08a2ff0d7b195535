package de.freiraum.aggregate.parking;

import de.freiraum.model.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * IRIs of the parking vocabulary.
 *
 * @param parkingSpot type
 * @param onStreetParking type
 * @param offStreetParking type
 * @param parkingGroup type
 * @param status attribute of spots
 * @param staleAfter sub-attribute of status: for how long a state holds without a new message
 * @param category attribute of spots
 * @param refParkingSite relationship of spots
 * @param refParkingGroup relationship of spots
 * @param total attribute of sites and groups, as the following
 * @param available free spots
 * @param occupied occupied spots
 * @param unknown spots of which nothing is known
 * @param closed spots out of use
 * @param extra free spots among the reserved ones
 * @param occupancy share of occupied spots
 * @param byCategory numbers of spots by category
 * @param entered how many vehicles went in, ever
 * @param left how many went out
 * @param countedFrom how many spots were occupied at a time from which vehicles are counted
 * @param debounce sub-attribute of status: how short a state does not count
 * @param arrivals how often a spot became occupied on a day
 * @param departures how many stays ended on a day
 * @param dwell how long they took on average, in minutes
 * @param turnover arrivals per spot and day
 * @param expand the expansion of the context
 */
record ParkingNames(
        String parkingSpot,
        String onStreetParking,
        String offStreetParking,
        String parkingGroup,
        String status,
        String staleAfter,
        String category,
        String refParkingSite,
        String refParkingGroup,
        String total,
        String available,
        String occupied,
        String unknown,
        String closed,
        String extra,
        String occupancy,
        String byCategory,
        String entered,
        String left,
        String countedFrom,
        String debounce,
        String arrivals,
        String departures,
        String dwell,
        String turnover,
        UnaryOperator<String> expand) {

    /** By the expansion of the parking context. */
    static ParkingNames of(UnaryOperator<String> expand) {
        return new ParkingNames(
                expand.apply("ParkingSpot"),
                expand.apply("OnStreetParking"),
                expand.apply("OffStreetParking"),
                expand.apply("ParkingGroup"),
                expand.apply("status"),
                expand.apply("staleAfter"),
                expand.apply("category"),
                expand.apply("refParkingSite"),
                expand.apply("refParkingGroup"),
                expand.apply("totalSpotNumber"),
                expand.apply("availableSpotNumber"),
                expand.apply("occupiedSpotNumber"),
                expand.apply("unknownSpotNumber"),
                expand.apply("closedSpotNumber"),
                expand.apply("extraSpotNumber"),
                expand.apply("occupancy"),
                expand.apply("categorySpotNumber"),
                expand.apply("vehicleEntranceCount"),
                expand.apply("vehicleExitCount"),
                expand.apply("countedFrom"),
                expand.apply("debounce"),
                expand.apply("arrivalCount"),
                expand.apply("departureCount"),
                expand.apply("meanDwellTime"),
                expand.apply("turnover"),
                expand);
    }

    /** Numbers by category as a value; null if there are none. */
    @Nullable
    Value byCategory(SortedMap<String, ParkingTotals.Kind> categories) {
        Map<String, Value> members = new LinkedHashMap<>();
        categories.forEach((category, kind) -> members.put(
                expand.apply(category),
                new Value.Obj(Map.of(
                        total,
                        Value.of(kind.total()),
                        available,
                        Value.of(kind.available()),
                        occupied,
                        Value.of(kind.occupied())))));
        return members.isEmpty() ? null : new Value.Obj(members);
    }
}
