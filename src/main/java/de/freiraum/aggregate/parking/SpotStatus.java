package de.freiraum.aggregate.parking;

import java.util.Locale;

/** The states of a parking spot, as the Smart Data Models name them. */
enum SpotStatus {
    FREE,
    OCCUPIED,
    CLOSED,
    UNKNOWN;

    /** The state of that name; unknown if there is none. */
    static SpotStatus parse(String text) {
        for (SpotStatus status : values()) {
            if (status.word().equals(text)) {
                return status;
            }
        }
        return UNKNOWN;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
