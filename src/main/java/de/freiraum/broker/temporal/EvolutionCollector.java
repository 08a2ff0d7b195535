package de.freiraum.broker.temporal;

import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.broker.temporal.TemporalOperations.Selection;
import de.freiraum.representation.TemporalWriter.Evolution;
import java.util.ArrayList;
import java.util.List;

/** Keeps the evolutions of a page, each no longer than the answer can be. */
final class EvolutionCollector implements EvolutionWalk.Visitor {
    private final Selection selection;
    private final PageRequest page;
    private final List<Evolution> found = new ArrayList<>();
    private long matches;

    EvolutionCollector(Selection selection, PageRequest page) {
        this.selection = selection;
        this.page = page;
    }

    @Override
    public void visit(Evolution evolution) {
        if (matches >= page.offset() && found.size() < page.limit()) {
            found.add(EvolutionPage.shortened(evolution, selection));
        }
        matches++;
    }

    @Override
    public boolean wantsMore() {
        return page.count() || !hasMore();
    }

    private boolean hasMore() {
        return matches > page.offset() + (long) page.limit();
    }

    /** The page with all that was kept, however many instances that is. */
    EvolutionPage uncut() {
        return new EvolutionPage(found, hasMore(), -1, null);
    }

    EvolutionPage page() {
        return EvolutionPage.of(found, hasMore(), page.count() ? matches : -1, selection);
    }
}
