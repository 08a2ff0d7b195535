package de.freiraum.app.demo;

import java.time.DayOfWeek;
import java.time.ZonedDateTime;
import java.util.random.RandomGenerator;

/** How busy a city is through day and week. The numbers are invented; their shape is that of a German town centre. */
final class Rhythm {
    /** People an hour who pass a middling counter in a shopping street, by hour of the day. */
    private static final int[] PEOPLE = {
        30, 16, 10, 8, 12, 40, 120, 260, 380, 520, 740, 980, 1180, 1120, 1080, 1160, 1300, 1280, 1020, 680, 420, 260,
        150, 70
    };

    /** Share of bays in use where people shop and live. */
    private static final double[] SHOPPERS = {
        .42, .40, .40, .40, .40, .42, .46, .55, .66, .76, .84, .88, .88, .86, .86, .88, .90, .90, .84, .76, .66, .58,
        .50, .45
    };

    /** Share of bays in use where commuters leave their cars. */
    private static final double[] COMMUTERS = {
        .16, .15, .15, .15, .17, .28, .52, .76, .88, .92, .93, .93, .92, .92, .91, .88, .80, .64, .48, .38, .30, .24,
        .20, .18
    };

    private Rhythm() {}

    /** The share of bays that are in use at this time, 0 to 1. */
    static double occupied(ZonedDateTime time, boolean commuters) {
        double share = between(commuters ? COMMUTERS : SHOPPERS, time);
        if (time.getDayOfWeek() == DayOfWeek.SUNDAY) {
            return commuters ? share * 0.35 : share * 0.65;
        }
        return time.getDayOfWeek() == DayOfWeek.SATURDAY && commuters ? share * 0.55 : share;
    }

    /**
     * People an hour at a counter of this size, both directions.
     *
     * @param size 1 is middling
     */
    static double people(ZonedDateTime time, double size) {
        double day =
                switch (time.getDayOfWeek()) {
                    case SATURDAY -> 1.35;
                    case SUNDAY -> 0.45;
                    default -> 1.0;
                };
        double[] people = new double[PEOPLE.length];
        for (int i = 0; i < people.length; i++) {
            people[i] = PEOPLE[i];
        }
        return between(people, time) * day * size;
    }

    private static double between(double[] hours, ZonedDateTime time) {
        double now = hours[time.getHour()];
        double next = hours[(time.getHour() + 1) % hours.length];
        return now + (next - now) * time.getMinute() / 60.0;
    }

    /** A Poisson number with this mean. */
    static int poisson(double mean, RandomGenerator random) {
        if (mean > 60) {
            return (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int number = 0;
        while (product > limit) {
            product *= random.nextDouble();
            number++;
        }
        return number;
    }
}
