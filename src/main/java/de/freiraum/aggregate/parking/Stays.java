package de.freiraum.aggregate.parking;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From the states of one spot to who came and how long they stayed: a function of the set of states, whatever their order and however often each is
 * given.
 */
final class Stays {
    private Stays() {}

    /**
     * What happened on a day.
     *
     * @param arrivals how often the spot, known to be free, became occupied
     * @param departures how often a stay of known begin ended
     * @param dwellMillis how long the stays that ended took, together
     */
    record Day(long arrivals, long departures, long dwellMillis) {
        /** Nothing happened. */
        static final Day QUIET = new Day(0, 0, 0);

        /** Both together. */
        Day plus(Day other) {
            return new Day(arrivals + other.arrivals, departures + other.departures, dwellMillis + other.dwellMillis);
        }
    }

    /**
     * A state that was observed.
     *
     * @param at when it began at the latest
     * @param status the state
     */
    record State(Instant at, SpotStatus status) {}

    /**
     * The days on which any state was observed, by their begin. A stay counts for the day on which it ends.
     *
     * @param debounce a state that another follows sooner did not happen
     */
    static SortedMap<Instant, Day> of(Collection<State> states, Duration debounce, ZoneId zone) {
        SortedMap<Instant, Day> days = new TreeMap<>();
        State before = null;
        State arrived = null;
        for (State state : states) {
            days.put(dayOf(state.at(), zone), Day.QUIET);
        }
        for (State state : held(states, debounce)) {
            if (state.status() == SpotStatus.OCCUPIED) {
                arrived = before != null && before.status() == SpotStatus.FREE ? state : null;
                if (arrived != null) {
                    days.merge(dayOf(state.at(), zone), new Day(1, 0, 0), Day::plus);
                }
            } else {
                if (arrived != null && state.status() == SpotStatus.FREE) {
                    long dwell = Duration.between(arrived.at(), state.at()).toMillis();
                    days.merge(dayOf(state.at(), zone), new Day(0, 1, dwell), Day::plus);
                }
                // What follows after a time of which nothing is known is no end of the stay.
                arrived = null;
            }
            before = state;
        }
        return days;
    }

    /** The begin of the day that holds the instant. */
    static Instant dayOf(Instant at, ZoneId zone) {
        return at.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
    }

    /** The changes of state, in order, without those that did not hold. The last one holds until another comes. */
    private static List<State> held(Collection<State> states, Duration debounce) {
        List<State> ordered = new ArrayList<>(states);
        ordered.sort(Comparator.comparing(State::at).thenComparing(State::status));
        List<State> changes = new ArrayList<>();
        for (State state : ordered) {
            State last = last(changes);
            if (last == null || last.status() != state.status()) {
                // A short state is gone, and with it the change back.
                while (last != null
                        && last.status() != state.status()
                        && Duration.between(last.at(), state.at()).compareTo(debounce) < 0) {
                    changes.remove(changes.size() - 1);
                    last = last(changes);
                }
                if (last == null || last.status() != state.status()) {
                    changes.add(state);
                }
            }
        }
        return changes;
    }

    private static @Nullable State last(List<State> states) {
        return states.isEmpty() ? null : states.get(states.size() - 1);
    }
}
