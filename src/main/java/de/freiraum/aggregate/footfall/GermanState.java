package de.freiraum.aggregate.footfall;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * The German states, by their codes of ISO 3166-2, with their public holidays as their laws have them in 2026. Holidays of single towns are left out; the
 * Assumption is a holiday in all of Bavaria here, since it is one for nine tenths of its people.
 */
public enum GermanState {
    BW,
    BY,
    BE,
    BB,
    HB,
    HH,
    HE,
    MV,
    NI,
    NW,
    RP,
    SL,
    SN,
    ST,
    SH,
    TH;

    private static final Set<MonthDay> EVERYWHERE =
            Set.of(MonthDay.of(1, 1), MonthDay.of(5, 1), MonthDay.of(10, 3), MonthDay.of(12, 25), MonthDay.of(12, 26));

    /** Good Friday, Easter Monday, Ascension and Whit Monday, in days from Easter Sunday. */
    private static final Set<Long> BY_EASTER = Set.of(-2L, 1L, 39L, 50L);

    private static final long EASTER_SUNDAY = 0;
    private static final long WHIT_SUNDAY = 49;
    private static final long CORPUS_CHRISTI = 60;

    /** Whether a day is a public holiday in the state. */
    public boolean isHoliday(LocalDate day) {
        long fromEaster = ChronoUnit.DAYS.between(easterSunday(day.getYear()), day);
        return EVERYWHERE.contains(MonthDay.from(day))
                || BY_EASTER.contains(fromEaster)
                || isHolidayHere(fromEaster)
                || isHolidayHere(day);
    }

    private boolean isHolidayHere(long fromEaster) {
        return switch (this) {
            case BB -> fromEaster == EASTER_SUNDAY || fromEaster == WHIT_SUNDAY;
            case BW, BY, HE, NW, RP, SL -> fromEaster == CORPUS_CHRISTI;
            default -> false;
        };
    }

    private boolean isHolidayHere(LocalDate day) {
        return switch (day.getMonth()) {
            case JANUARY -> day.getDayOfMonth() == 6 && Set.of(BW, BY, ST).contains(this);
            case MARCH -> day.getDayOfMonth() == 8 && Set.of(BE, MV).contains(this);
            case AUGUST -> day.getDayOfMonth() == 15 && Set.of(BY, SL).contains(this);
            case SEPTEMBER -> day.getDayOfMonth() == 20 && this == TH;
            case OCTOBER ->
                day.getDayOfMonth() == 31
                        && Set.of(BB, HB, HH, MV, NI, SH, SN, ST, TH).contains(this);
            case NOVEMBER ->
                (day.getDayOfMonth() == 1 && Set.of(BW, BY, NW, RP, SL).contains(this))
                        || (this == SN && isDayOfRepentance(day));
            default -> false;
        };
    }

    /** The Wednesday before 23 November. */
    private static boolean isDayOfRepentance(LocalDate day) {
        return day.getDayOfWeek() == DayOfWeek.WEDNESDAY && day.getDayOfMonth() >= 16 && day.getDayOfMonth() <= 22;
    }

    /** Of the Gregorian calendar, by the rule of Butcher's Ecclesiastical Calendar (1876). */
    static LocalDate easterSunday(int year) {
        int golden = year % 19;
        int century = year / 100;
        int inCentury = year % 100;
        int moonCorrection = (century - (century + 8) / 25 + 1) / 3;
        int epact = (19 * golden + century - century / 4 - moonCorrection + 15) % 30;
        int weekday = (32 + 2 * (century % 4) + 2 * (inCentury / 4) - epact - inCentury % 4) % 7;
        int late = (golden + 11 * epact + 22 * weekday) / 451;
        int days = epact + weekday - 7 * late + 114;
        return LocalDate.of(year, days / 31, days % 31 + 1);
    }
}
