package de.freiraum.aggregate.footfall;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GermanStateTest {
    @ParameterizedTest
    @CsvSource({
        "1961-04-02",
        "2000-04-23",
        "2008-03-23",
        "2011-04-24",
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2038-04-25"
    })
    void easterIsWhenTheCalendarHasIt(LocalDate easter) {
        assertThat(GermanState.easterSunday(easter.getYear())).isEqualTo(easter);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-04-03, NW BE SN BY, ''",
        "2026-04-06, NW BE SN BY, ''",
        "2026-05-14, NW BE SN BY, ''",
        "2026-05-25, NW BE SN BY, ''",
        "2026-04-05, BB, NW BE BY",
        "2026-06-04, NW BW BY HE RP SL, BE SN TH NI",
        "2026-01-06, BW BY ST, NW HE",
        "2026-03-08, BE MV, BB NW",
        "2026-08-15, BY SL, NW BW",
        "2026-09-20, TH, SN NW",
        "2026-10-31, BB HB HH MV NI SH SN ST TH, NW BE BY HE",
        "2026-11-01, NW BW BY RP SL, HE NI SN",
        "2026-11-18, SN, NW TH",
        "2026-11-25, '', SN NW",
        "2026-12-24, '', NW SN BY",
        "2026-12-26, NW SN BY BE, ''"
    })
    void aDayIsAHolidayWhereTheLawSaysSo(LocalDate day, String holiday, String none) {
        for (GermanState state : GermanState.values()) {
            if (holiday.contains(state.name())) {
                assertThat(state.isHoliday(day)).as(state.name()).isTrue();
            }
            if (none.contains(state.name())) {
                assertThat(state.isHoliday(day)).as(state.name()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(GermanState.class)
    void aYearHasNineToFourteenHolidays(GermanState state) {
        assertThat(LocalDate.of(2026, 1, 1).datesUntil(LocalDate.of(2027, 1, 1)).filter(state::isHoliday))
                .hasSizeBetween(9, 14);
    }

    @Test
    void northRhineWestphaliaHasEleven() {
        assertThat(LocalDate.of(2026, 1, 1).datesUntil(LocalDate.of(2027, 1, 1)).filter(GermanState.NW::isHoliday))
                .hasSize(11);
    }
}
