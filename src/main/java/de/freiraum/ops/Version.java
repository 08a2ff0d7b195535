package de.freiraum.ops;

/**
 * Which build this is.
 *
 * @param name of the product
 * @param version of the build
 * @param specification the version of the NGSI-LD API
 */
public record Version(String name, String version, String specification) {

    /** The version of this build; {@code development} when it does not run from its jar. */
    public static Version current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new Version("Freiraum", version == null ? "development" : version, "ETSI GS CIM 009 V1.9.1");
    }
}
