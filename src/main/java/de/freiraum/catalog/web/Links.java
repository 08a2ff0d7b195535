package de.freiraum.catalog.web;

import de.freiraum.catalog.Addresses;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.dcat.RdfSyntax;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What the header {@code Link} (RFC 8288) of published data says: other forms of the same, what describes it, and its licence. */
final class Links {
    private final Addresses addresses;

    Links(Addresses addresses) {
        this.addresses = addresses;
    }

    /** Of the catalogue: its syntaxes. */
    String ofCatalogue() {
        return Arrays.stream(RdfSyntax.values())
                .map(syntax -> alternate(addresses.catalogue(), syntax))
                .collect(Collectors.joining(", "));
    }

    /** Of a dataset: its address, the syntaxes of its description, its licence. */
    String ofDescription(Dataset dataset) {
        String address = addresses.dataset(dataset);
        // With the suffix .jsonld there is the data, as NGSI-LD.
        return link(address, "canonical") + ", " + alternate(address, RdfSyntax.TURTLE) + ", "
                + alternate(address, RdfSyntax.RDF_XML) + ", " + licence(dataset);
    }

    /** Of a dataset's file: what describes it, its licence. */
    String ofFile(Dataset dataset) {
        return link(addresses.dataset(dataset), "describedby") + ", " + licence(dataset);
    }

    private static String alternate(String address, RdfSyntax syntax) {
        return link(address + "." + syntax.suffix(), "alternate") + "; type=\"" + syntax.mediaType() + '"';
    }

    private static String licence(Dataset dataset) {
        return link(dataset.kind().licence().text(), "license");
    }

    private static String link(String address, String relation) {
        return '<' + address + ">; rel=\"" + relation + '"';
    }
}
