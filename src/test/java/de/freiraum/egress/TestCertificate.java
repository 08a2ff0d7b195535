package de.freiraum.egress;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;

/** Self-signed certificates, made by the JDK's own tool. */
public final class TestCertificate {
    private TestCertificate() {}

    /** A certificate for a host name, kept in that directory. */
    public static PfxOptions of(String name, Path directory) throws Exception {
        Path file = directory.resolve(name + ".p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-validity",
                        "3650",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=dns:" + name,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "password")
                .redirectErrorStream(true)
                .start();
        assertThat(made.waitFor(60, SECONDS)).isTrue();
        return new PfxOptions().setPath(file.toString()).setPassword("password");
    }
}
