package de.freiraum.app.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Cars that come and go and people who pass, in three cities. Asked for the messages of one interval after the other; holds the state of bays and
 * counters between them. One thread at a time.
 */
final class CityLife {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final Duration STEP = Duration.ofMinutes(5);
    private static final Duration HEARTBEAT = Duration.ofHours(12);

    /** One message of a device, at its time. */
    record Uplink(DemoDevice device, Payloads.Payload payload, Instant at, int frame, int rssi) {}

    /** How many people passed a counter in an interval. */
    record People(DemoDevice counter, int towards, int away) {}

    private final RandomGenerator random;
    private final List<Bay> bays = new ArrayList<>();
    private final List<Counter> counters = new ArrayList<>();

    /** Life that begins at this time in these cities. */
    CityLife(Instant begin, RandomGenerator random, List<String> cities) {
        this.random = random;
        for (String city : cities) {
            for (DemoDevice device : DemoDevice.bays(city)) {
                boolean occupied = random.nextDouble() < Rhythm.occupied(begin.atZone(ZONE), device.commuters());
                bays.add(new Bay(device, occupied, begin));
            }
            for (DemoDevice device : DemoDevice.counters(city)) {
                counters.add(new Counter(device, 0.35 + 0.9 * random.nextDouble(), random.nextInt(20_000)));
            }
        }
    }

    /** How many devices there are. */
    int devices() {
        return bays.size() + counters.size();
    }

    /**
     * The first message of every bay, which tells its state.
     *
     * @param silentBefore the last message of a few bays whose sensors fell silent long ago
     */
    List<Uplink> begin(Instant at, Instant silentBefore) {
        List<Uplink> uplinks = new ArrayList<>();
        Map<String, Integer> ofCity = new HashMap<>();
        for (Bay bay : bays) {
            int number = ofCity.merge(bay.device.city(), 1, Integer::sum);
            bay.silent = number == 7 || number == 29;
            Instant time = bay.silent ? silentBefore : at.plusMillis(random.nextInt(60_000));
            uplinks.add(bay.report(time));
        }
        return sorted(uplinks);
    }

    /**
     * The messages of the bays in an interval, in the order of time.
     *
     * @param haste how many times more often than in reality cars come and go
     */
    List<Uplink> parking(Instant from, Instant to, double haste) {
        List<Uplink> uplinks = new ArrayList<>();
        for (Instant step = from; step.isBefore(to); step = step.plus(STEP)) {
            Duration length = min(STEP, Duration.between(step, to));
            for (Bay bay : bays) {
                step(bay, step, length, haste, uplinks);
            }
        }
        return sorted(uplinks);
    }

    private void step(Bay bay, Instant step, Duration length, double haste, List<Uplink> uplinks) {
        if (bay.silent) {
            return;
        }
        ZonedDateTime local = step.atZone(ZONE);
        double target = Rhythm.occupied(local, bay.device.commuters());
        double turnover = bay.device.commuters() ? 0.5 : 1.2;
        double rate = turnover * haste * (bay.occupied ? 1 - target : target);
        double hours = length.toMillis() / 3_600_000.0;
        Instant at = step.plusMillis((long) (random.nextDouble() * length.toMillis()));
        if (random.nextDouble() < 1 - Math.exp(-rate * hours)) {
            bay.occupied = !bay.occupied;
            uplinks.add(bay.report(at));
        } else if (Duration.between(bay.reported, at).compareTo(HEARTBEAT) > 0) {
            uplinks.add(bay.report(at));
        }
    }

    /** The counters' messages for an interval that ends now: one each. */
    List<Uplink> counts(Instant from, Instant to) {
        return counters.stream()
                .map(counter -> {
                    People people = people(counter, from, to);
                    return counter.report(to, people.towards(), people.away());
                })
                .toList();
    }

    /** How many people passed each counter in an interval that no message tells of. */
    List<People> people(Instant from, Instant to) {
        return counters.stream().map(counter -> people(counter, from, to)).toList();
    }

    private People people(Counter counter, Instant from, Instant to) {
        ZonedDateTime local = from.plus(Duration.between(from, to).dividedBy(2)).atZone(ZONE);
        double hours = Duration.between(from, to).toMillis() / 3_600_000.0;
        double mean = Rhythm.people(local, counter.size) * hours;
        double share = local.getHour() < 13 ? 0.56 : 0.45;
        return new People(
                counter.device, Rhythm.poisson(mean * share, random), Rhythm.poisson(mean * (1 - share), random));
    }

    /** The share of bays in use of each place, by a device of it. */
    Map<DemoDevice, Double> occupancy() {
        Map<String, List<Bay>> places = bays.stream()
                .collect(Collectors.groupingBy(
                        bay -> bay.device.city() + ' ' + bay.device.place(), LinkedHashMap::new, Collectors.toList()));
        Map<DemoDevice, Double> shares = new LinkedHashMap<>();
        places.values()
                .forEach(place -> shares.put(
                        place.get(0).device,
                        (double) place.stream().filter(bay -> bay.occupied).count() / place.size()));
        return shares;
    }

    private int rssi() {
        return -90 - random.nextInt(25);
    }

    private static List<Uplink> sorted(List<Uplink> uplinks) {
        uplinks.sort(Comparator.comparing(Uplink::at));
        return uplinks;
    }

    private static Duration min(Duration left, Duration right) {
        return left.compareTo(right) < 0 ? left : right;
    }

    private final class Bay {
        private final DemoDevice device;
        private boolean occupied;
        private boolean silent;
        private Instant reported;
        private int frame;

        Bay(DemoDevice device, boolean occupied, Instant begin) {
            this.device = device;
            this.occupied = occupied;
            this.reported = begin;
        }

        Uplink report(Instant at) {
            int minutes = (int) Math.max(0, Duration.between(reported, at).toMinutes());
            Payloads.Payload payload = Payloads.bay(device.model(), occupied, minutes, frame);
            reported = at;
            return new Uplink(device, payload, at, frame++, rssi());
        }
    }

    private final class Counter {
        private final DemoDevice device;
        private final double size;
        private long totalTowards;
        private long totalAway;
        private int frame;

        Counter(DemoDevice device, double size, int total) {
            this.device = device;
            this.size = size;
            this.totalTowards = total;
            this.totalAway = total;
        }

        Uplink report(Instant at, int towards, int away) {
            totalTowards += towards;
            totalAway += away;
            Payloads.Payload payload =
                    Payloads.counter(device.model(), device.devEui(), towards, away, totalTowards, totalAway, frame);
            return new Uplink(device, payload, at, frame++, rssi());
        }
    }
}
