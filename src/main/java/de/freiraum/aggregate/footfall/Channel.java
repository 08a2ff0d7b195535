package de.freiraum.aggregate.footfall;

/** What a number of a counter's line counts. */
public enum Channel {
    /** People walking towards, as the counter's label says. */
    TOWARDS("towards", "totalTowards"),
    /** People walking away. */
    AWAY("away", "totalAway"),
    /** All people, from a sensor that cannot tell directions. */
    UNDIRECTED("people", "totalPeople");

    private final String countTerm;
    private final String totalTerm;

    Channel(String countTerm, String totalTerm) {
        this.countTerm = countTerm;
        this.totalTerm = totalTerm;
    }

    /** The term of the number counted in a reading's interval. */
    public String countTerm() {
        return countTerm;
    }

    /** The term of the number that only grows. */
    public String totalTerm() {
        return totalTerm;
    }
}
