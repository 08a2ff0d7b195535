package de.freiraum.app;

import de.freiraum.security.Access;
import de.freiraum.security.ApiKey;
import de.freiraum.security.KeyFile;
import de.freiraum.security.Rights;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes, lists and revokes API keys. A running server notices within seconds. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Makes, lists and revokes API keys; a running server notices within seconds.",
        subcommands = {KeyCommand.Create.class, KeyCommand.ListAll.class, KeyCommand.Revoke.class},
        synopsisSubcommandLabel = "COMMAND")
final class KeyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }

    /** What the three have in common. */
    abstract static class OnKeyFile implements Callable<Integer> {
        @Mixin
        private SettingsOptions options = new SettingsOptions();

        @Spec
        @SuppressWarnings("NullAway.Init") // set by the command line before call
        private CommandSpec spec;

        KeyFile file() {
            AppConfig config = options.load(System.getenv());
            return new KeyFile(config.security().keyFile(config.dataDir()));
        }

        PrintWriter out() {
            return spec.commandLine().getOut();
        }

        PrintWriter err() {
            return spec.commandLine().getErr();
        }

        CommandLine.ParameterException wrong(String message) {
            return new CommandLine.ParameterException(spec.commandLine(), message);
        }
    }

    /** Makes a key. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Makes a key and prints it. Only its hash is kept, so that it cannot be shown again.")
    static final class Create extends OnKeyFile {
        private static final int BYTES = 32;

        @Option(names = "--name", required = true, paramLabel = "NAME", description = "Who holds it; appears in logs.")
        @SuppressWarnings("NullAway.Init") // set by the command line before call
        private String name;

        @Option(
                names = "--access",
                paramLabel = "LEVEL",
                description = "The most it permits: read, write or admin. Default: write.")
        private String access = "write";

        @Option(
                names = {"--tenant", "--tenants"},
                split = ",",
                paramLabel = "TENANT",
                description = "A tenant it is good for, '' for the default one; can be repeated. Default: all.")
        private List<String> tenants = new ArrayList<>();

        @Option(
                names = {"--type", "--types"},
                split = ",",
                paramLabel = "IRI",
                description = "An entity type it is good for; can be repeated. Default: all.")
        private List<String> types = new ArrayList<>();

        @Option(
                names = {"--operation", "--operations"},
                split = ",",
                paramLabel = "NAME",
                description =
                        "An operation it permits, such as queryEntities; can be repeated. Default: all of its level.")
        private List<String> operations = new ArrayList<>();

        @Option(
                names = "--expires",
                paramLabel = "WHEN",
                description =
                        "How long it is good, such as 90d or 12h, or until when: 2027-01-01T00:00:00Z. Default: for ever.")
        private @Nullable String expires;

        @Override
        public Integer call() throws IOException {
            if (!name.matches("[A-Za-z0-9_.@-]{1,64}")) {
                throw wrong("--name: allowed are up to 64 letters, digits and _ . @ -");
            }
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            String key = "fr_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            try {
                file().add(new ApiKey(name, sha256(key), Rights.of(level(), tenants, types, operations), expiry()));
            } catch (IllegalArgumentException e) {
                throw wrong(String.valueOf(e.getMessage()));
            }
            out().println(key);
            out().flush();
            err().println("Send it as \"Authorization: Bearer KEY\" or \"X-API-Key: KEY\". It is not shown again.");
            err().flush();
            return 0;
        }

        private Access level() {
            try {
                return Access.valueOf(access.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw wrong("--access: allowed are read, write and admin");
            }
        }

        private @Nullable Instant expiry() {
            if (expires == null) {
                return null;
            }
            Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
            try {
                Instant at = expires.matches("[0-9]{1,6}[dhms]")
                        ? now.plus(Duration.parse(
                                expires.endsWith("d") ? "P" + expires : "PT" + expires.toUpperCase(Locale.ROOT)))
                        : Instant.parse(expires);
                if (!at.isAfter(now)) {
                    throw wrong("--expires: that is in the past");
                }
                return at;
            } catch (DateTimeParseException e) {
                throw wrong("--expires: allowed are a time from now such as 90d, 12h or 30m, and 2027-01-01T00:00:00Z");
            }
        }

        private static String sha256(String key) {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    /** Lists the keys. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Lists the keys: name, level, tenants, types, operations, and when each expires.")
    static final class ListAll extends OnKeyFile {
        @Override
        public Integer call() throws IOException {
            Instant now = Clock.systemUTC().instant();
            for (ApiKey key : file().read()) {
                Rights rights = key.rights();
                out().println(String.join(
                        "\t",
                        key.name(),
                        rights.access().name().toLowerCase(Locale.ROOT),
                        "tenants=" + shown(rights.tenants()),
                        "types=" + shown(rights.types()),
                        "operations=" + shown(rights.operations()),
                        expiry(key.expiresAt(), now)));
            }
            out().flush();
            return 0;
        }

        private static String shown(Iterable<String> names) {
            List<String> quoted = new ArrayList<>();
            names.forEach(name -> quoted.add(name.isEmpty() ? "''" : name));
            quoted.sort(null);
            return quoted.isEmpty() ? "*" : String.join(",", quoted);
        }

        private static String expiry(@Nullable Instant at, Instant now) {
            if (at == null) {
                return "does not expire";
            }
            return (now.isBefore(at) ? "expires " : "expired ") + at;
        }
    }

    /** Revokes a key. */
    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Revokes the key of that name.")
    static final class Revoke extends OnKeyFile {
        @Parameters(paramLabel = "NAME", description = "The key's name, as the list has it.")
        @SuppressWarnings("NullAway.Init") // set by the command line before call
        private String name;

        @Override
        public Integer call() throws IOException {
            if (!file().remove(name)) {
                err().println("freiraum: there is no key of that name");
                err().flush();
                return 1;
            }
            out().println("revoked " + name);
            out().flush();
            return 0;
        }
    }
}
