package de.freiraum.catalog.dcat;

import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.Dataset;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;

/** One dataset of the catalogue as a portal counts them. */
sealed interface Entry {
    /** What is published. */
    Dataset dataset();

    /** The current state. */
    record Live(Dataset dataset) implements Entry {}

    /** What was observed in one month. */
    record Month(Dataset dataset, YearMonth month) implements Entry {}

    /** All of a catalogue, in an order in which later months come after earlier ones. */
    static List<Entry> of(Catalogue catalogue) {
        List<Entry> entries = new ArrayList<>();
        for (Dataset dataset : catalogue.datasets()) {
            entries.addAll(of(dataset));
        }
        return entries;
    }

    /** All of what is published of one type. */
    static List<Entry> of(Dataset dataset) {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Live(dataset));
        dataset.months().forEach(month -> entries.add(new Month(dataset, month)));
        return entries;
    }
}
