package de.freiraum.catalog;

import de.freiraum.broker.Caller;
import de.freiraum.model.Tenant;
import java.net.URI;
import java.time.ZoneId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What may be published, and by whom: the settings with everything filled in that they leave out. Immutable.
 */
public final class Publication {
    private static final String CONTRIBUTORS = "http://dcat-ap.de/def/contributors/";

    private final CatalogConfig config;
    private final Catalogue.About about;
    private final Kinds kinds;
    private final Set<String> closedTenants;
    private final Set<String> privateTypes;
    private final Set<String> hiddenAttributes;
    private final Map<String, String> names;
    private final Function<Tenant, ZoneId> zones;

    /**
     * What the settings elsewhere say.
     *
     * @param base where clients reach the server, without a slash at the end
     * @param title of the installation
     * @param cityNames names of cities by tenant name
     * @param zones the time zones of tenants
     * @param closedTenants names of tenants that not everybody may read
     * @param privateTypes type IRIs that not everybody may see
     * @param privateAttributes attribute IRIs that not everybody may see
     * @param simulated whether the data is made up
     */
    public record Surroundings(
            String base,
            String title,
            Map<String, String> cityNames,
            Function<Tenant, ZoneId> zones,
            Collection<String> closedTenants,
            Collection<String> privateTypes,
            Collection<String> privateAttributes,
            boolean simulated) {}

    /** Of those settings. */
    public Publication(CatalogConfig config, Surroundings surroundings) {
        this.config = config;
        this.kinds = new Kinds(config);
        this.closedTenants = Set.copyOf(surroundings.closedTenants());
        this.privateTypes = Set.copyOf(surroundings.privateTypes());
        this.hiddenAttributes = Stream.concat(
                        config.hiddenAttributes().stream().map(Kinds::iri), surroundings.privateAttributes().stream())
                .collect(Collectors.toUnmodifiableSet());
        this.zones = surroundings.zones();
        this.names = new LinkedHashMap<>(surroundings.cityNames());
        this.about = about(config, surroundings);
    }

    private static Catalogue.About about(CatalogConfig config, Surroundings surroundings) {
        String publisher = config.publisher().name().orElse(surroundings.title());
        Text title = config.title()
                .map(Text::of)
                .orElse(new Text("Offene Daten: " + surroundings.title(), "Open data: " + surroundings.title()));
        Text description = config.description()
                .map(Text::of)
                .orElse(
                        new Text(
                                "Was die Sensoren der Stadt messen: Parkplätze, Passantenfrequenz und mehr, live und mit Vergangenheit, über eine offene Schnittstelle und als Dateien.",
                                "What the city's sensors measure: parking, pedestrian counts and more, live and with its past, through an open interface and as files."));
        String url = surroundings.base() + "/";
        CatalogConfig.Contact contact = config.contact();
        return new Catalogue.About(
                surroundings.base(),
                title,
                description,
                publisher,
                config.publisher().type(),
                config.publisher().homepage().orElse(null),
                new Catalogue.Contact(
                        contact.name().orElse(publisher),
                        contact.email().orElse(null),
                        contact.url().orElse(contact.email().isPresent() ? null : URI.create(url))),
                config.licence(),
                config.attribution().orElse(publisher),
                config.contributorId()
                        .map(id -> id.contains(":") ? id : CONTRIBUTORS + id)
                        .orElse(null),
                config.availability(),
                surroundings.simulated());
    }

    /** What holds for all datasets. */
    public Catalogue.About about() {
        return about;
    }

    /** The settings. */
    public CatalogConfig config() {
        return config;
    }

    /** What is said of a type, or null if it is not to be published. */
    public @Nullable Kind kind(String type) {
        return privateTypes.contains(type) ? null : kinds.of(type);
    }

    /** IRIs of the attributes that are not published. */
    public Set<String> hiddenAttributes() {
        return hiddenAttributes;
    }

    /** Those of some tenants that everybody may read, in the order of their names. */
    public List<Tenant> open(Collection<? extends Tenant> tenants) {
        Map<String, Tenant> sorted = new TreeMap<>();
        tenants.stream()
                .filter(tenant -> !closedTenants.contains(tenant.name()))
                .forEach(tenant -> sorted.put(tenant.name(), tenant));
        return List.copyOf(sorted.values());
    }

    /** On whose behalf published data is read: that of anybody. */
    public Caller reader(Tenant tenant) {
        return new Caller(tenant, "catalogue", privateTypes);
    }

    /** The city of a tenant. */
    public City city(Tenant tenant) {
        CatalogConfig.City said = config.cities().stream()
                .filter(city -> city.tenant().equals(tenant.name()))
                .findFirst()
                .orElse(null);
        String name = names.getOrDefault(tenant.name(), tenant.isDefault() ? about.publisher() : tenant.name());
        return new City(
                tenant,
                said == null ? name : said.name().orElse(name),
                said == null ? null : said.municipalityKey().orElse(null),
                said == null ? null : said.publisher().orElse(null),
                zones.apply(tenant));
    }
}
