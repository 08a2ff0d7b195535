package de.freiraum.catalog;

import de.freiraum.config.Default;
import de.freiraum.config.Range;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How the data is published.
 *
 * @param enabled whether there is a catalogue
 * @param title of the catalogue; if absent the title of the dashboard
 * @param description of the catalogue; if absent a sentence about sensor data
 * @param publisher who publishes
 * @param contact who is to be asked
 * @param licence under which the data may be used, a code of the German list such as {@code dl-by-de/2.0}
 * @param attribution how the source is to be named; if absent the publisher's name
 * @param contributorId who delivers to GovData, a name or IRI of the list of contributors
 * @param availability how long it is planned to be available
 * @param cities what is known of the cities beside their data
 * @param datasets what is to be said of the datasets of a type
 * @param history whether what was observed before is published as well, by month
 * @param hiddenAttributes attributes that no file shows, by name or IRI
 * @param groups up to how many places each place has datasets of its own; if there are more, none has
 * @param pageSize datasets on a page of the catalogue
 * @param refresh how old the descriptions may be; 0: they are made for each request
 */
public record CatalogConfig(
        @Default("true") boolean enabled,
        Optional<String> title,
        Optional<String> description,
        Publisher publisher,
        Contact contact,
        @Default("dl-by-de/2.0") Licence licence,
        Optional<String> attribution,
        Optional<String> contributorId,
        @Default("available") Availability availability,
        List<City> cities,
        List<Published> datasets,
        @Default("true") boolean history,

        @Default(
                "https://smartdatamodels.org/dataModel.Parking/refDevice, https://smartdatamodels.org/dataModel.Transportation/refDevice")
        Set<String> hiddenAttributes,

        @Default("50") @Range(min = 0, max = 1000) int groups,
        @Default("100") @Range(min = 1, max = 1000) int pageSize,
        @Default("5m") Duration refresh) {
    private static final Pattern CODE = Pattern.compile("[A-Z0-9_]{1,40}");

    /** How long something is planned to be available (the EU's authority table of that name). */
    public enum Availability {
        TEMPORARY,
        EXPERIMENTAL,
        AVAILABLE,
        STABLE
    }

    /** What kind of publisher it is (the ADMS vocabulary). */
    public enum PublisherType {
        LOCAL_AUTHORITY,
        REGIONAL_AUTHORITY,
        NATIONAL_AUTHORITY,
        COMPANY,
        NON_PROFIT_ORGANISATION,
        ACADEMIA_SCIENTIFIC_ORGANISATION
    }

    /**
     * Who publishes.
     *
     * @param name if absent the title of the dashboard
     * @param type what kind of publisher
     * @param homepage on the web
     */
    public record Publisher(
            Optional<String> name,
            @Default("local-authority") PublisherType type,
            Optional<URI> homepage) {}

    /**
     * Who is to be asked.
     *
     * @param name if absent the publisher's
     * @param email address
     * @param url page or form; if there is neither this nor an address, the start page
     */
    public record Contact(Optional<String> name, Optional<String> email, Optional<URI> url) {}

    /**
     * What is known of a city beside its data.
     *
     * @param tenant where its data is; empty: the default tenant
     * @param name for people; if absent that of the dashboard, otherwise the tenant's
     * @param municipalityKey the eight digits of the official key (AGS)
     * @param publisher who publishes its data, if another one
     */
    public record City(
            @Default("") String tenant,
            Optional<String> name,
            Optional<String> municipalityKey,
            Optional<String> publisher) {
        /** Refuses what is no key. */
        public City {
            if (municipalityKey.isPresent() && !municipalityKey.get().matches("[0-9]{8}")) {
                throw new IllegalArgumentException("municipalityKey must be eight digits");
            }
        }
    }

    /**
     * What is to be said of the datasets of a type, in place of what the program says by itself.
     *
     * @param type name from the parking and footfall vocabularies, or IRI
     * @param publish whether they are published
     * @param history whether what was observed before is published as well
     * @param title German title, to which the city is added
     * @param titleEn English title
     * @param description German description
     * @param descriptionEn English description
     * @param keywords German keywords
     * @param themes codes of the EU's data themes, such as {@code TRAN}
     * @param frequency code of the EU's frequencies, such as {@code UPDATE_CONT}
     * @param groupBy name or IRI of the Relationship to the places by which there are datasets too, or {@code none}
     * @param hvdCategory IRI of the category of high-value datasets
     * @param licence if another one
     */
    public record Published(
            String type,
            @Default("true") boolean publish,
            @Default("true") boolean history,
            Optional<String> title,
            Optional<String> titleEn,
            Optional<String> description,
            Optional<String> descriptionEn,
            List<String> keywords,
            List<String> themes,
            Optional<String> frequency,
            Optional<String> groupBy,
            Optional<URI> hvdCategory,
            Optional<Licence> licence) {
        /** Says that there are no datasets by place. */
        static final String NO_GROUPS = "none";

        /** Refuses what is in none of the lists. */
        public Published {
            themes.forEach(theme -> code(theme, "themes"));
            frequency.ifPresent(code -> code(code, "frequency"));
        }
    }

    /** Copies the collections and refuses a negative age. */
    public CatalogConfig {
        cities = List.copyOf(cities);
        datasets = List.copyOf(datasets);
        hiddenAttributes = Set.copyOf(hiddenAttributes);
        if (refresh.isNegative()) {
            throw new IllegalArgumentException("refresh must be 0 or more");
        }
    }

    private static void code(String text, String name) {
        if (!CODE.matcher(text).matches()) {
            throw new IllegalArgumentException(name + " must be codes of the EU's tables, such as TRAN or UPDATE_CONT");
        }
    }
}
