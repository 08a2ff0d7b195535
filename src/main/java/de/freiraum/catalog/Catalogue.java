package de.freiraum.catalog;

import de.freiraum.catalog.CatalogConfig.Availability;
import de.freiraum.catalog.CatalogConfig.PublisherType;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is published, at one moment.
 *
 * @param about what holds for all datasets
 * @param datasets in the order of their ids
 */
public record Catalogue(About about, List<Dataset> datasets) {

    /**
     * What holds for all datasets.
     *
     * @param base where the catalogue is, without a slash at the end
     * @param title of the catalogue
     * @param description of the catalogue
     * @param publisher name of who publishes
     * @param publisherType what kind of publisher
     * @param homepage of the publisher, or null
     * @param contact who is to be asked
     * @param licence of the catalogue itself
     * @param attribution how the source is to be named
     * @param contributorId IRI of who delivers to GovData, or null
     * @param availability how long it is planned to be available
     * @param simulated whether the data is made up
     */
    public record About(
            String base,
            Text title,
            Text description,
            String publisher,
            PublisherType publisherType,
            @Nullable URI homepage,
            Contact contact,
            Licence licence,
            String attribution,
            @Nullable String contributorId,
            Availability availability,
            boolean simulated) {}

    /**
     * Who is to be asked.
     *
     * @param name of the person or office
     * @param email address, or null
     * @param url page or form, or null if there is an address
     */
    public record Contact(
            String name, @Nullable String email, @Nullable URI url) {}

    /** Sorts the datasets. */
    public Catalogue {
        Map<String, Dataset> sorted = new TreeMap<>();
        datasets.forEach(dataset -> sorted.put(dataset.id(), dataset));
        datasets = List.copyOf(sorted.values());
    }

    /** Those datasets that have all entities of their type. */
    public List<Dataset> wholes() {
        return datasets.stream().filter(dataset -> dataset.group() == null).toList();
    }

    /** The datasets by place that have the entities of another one. */
    public List<Dataset> groupsOf(Dataset whole) {
        return datasets.stream()
                .filter(dataset -> dataset.group() != null && dataset.wholeId().equals(whole.id()))
                .toList();
    }

    /** The dataset of an id, or null. */
    public @Nullable Dataset dataset(String id) {
        for (Dataset dataset : datasets) {
            if (dataset.id().equals(id)) {
                return dataset;
            }
        }
        return null;
    }
}
