package de.freiraum.catalog;

import java.time.YearMonth;

/**
 * Where things are. Addresses never change their meaning; portals know datasets by them.
 *
 * @param base without a slash at the end
 */
public record Addresses(String base) {

    /** The catalogue. */
    public String catalogue() {
        return base + "/catalog";
    }

    /** Something that is described in the catalogue and has no page of its own. */
    public String inCatalogue(String name) {
        return catalogue() + "#" + name;
    }

    /** A dataset: its current state. */
    public String dataset(Dataset dataset) {
        return base + "/datasets/" + dataset.id();
    }

    /** The dataset of all entities of a dataset's type. */
    public String whole(Dataset dataset) {
        return base + "/datasets/" + dataset.wholeId();
    }

    /** Its past: the series of its months. */
    public String history(Dataset dataset) {
        return dataset(dataset) + "/history";
    }

    /** One month of its past. */
    public String month(Dataset dataset, YearMonth month) {
        return history(dataset) + "/" + month;
    }

    /** The root of the interface. */
    public String api() {
        return base + "/ngsi-ld/v1";
    }
}
