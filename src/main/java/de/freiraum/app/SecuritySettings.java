package de.freiraum.app;

import de.freiraum.config.Default;
import de.freiraum.config.Range;
import de.freiraum.ops.AuditLog;
import de.freiraum.security.Access;
import de.freiraum.security.ApiKey;
import de.freiraum.security.Rights;
import de.freiraum.security.SecurityConfig;
import de.freiraum.security.TokenSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what.
 *
 * @param keys API keys, by their hashes, beside those of the key file
 * @param keyFile the file that {@code freiraum key} manages; absent: {@code keys.json} in the data directory
 * @param oidc tokens of an OpenID Connect provider
 * @param anonymousReads whether readers without a credential may read
 * @param closedTenants tenants that readers without a credential may not read
 * @param privateTypes entity type IRIs that readers without a credential never see
 * @param privateAttributes attribute IRIs that readers without a credential neither see nor can ask for
 * @param audit who changed what, and who was refused
 * @param contacts URIs where weaknesses can be told, for {@code security.txt}
 * @param languages in which
 */
public record SecuritySettings(
        List<Key> keys,
        Optional<Path> keyFile,
        Oidc oidc,
        @Default("true") boolean anonymousReads,
        List<String> closedTenants,

        @Default("https://smartdatamodels.org/dataModel.Device/Device")
        List<String> privateTypes,

        List<String> privateAttributes,
        Audit audit,
        List<String> contacts,
        List<String> languages) {

    /** Refuses attributes that are no IRIs, and contacts that are no URIs. */
    public SecuritySettings {
        for (String contact : contacts) {
            if (!contact.matches("(mailto:|tel:|https://)[^\\s]{1,300}")) {
                throw new IllegalArgumentException(
                        "contacts: allowed are URIs, such as mailto:security@example.org or https://example.org/report");
            }
        }
        for (String language : languages) {
            if (!language.matches("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")) {
                throw new IllegalArgumentException("languages: allowed are tags such as de and en");
            }
        }
        for (String attribute : privateAttributes) {
            if (!attribute.contains(":")) {
                throw new IllegalArgumentException(
                        "privateAttributes: allowed are IRIs, such as https://smartdatamodels.org/dataModel.Device/batteryLevel");
            }
        }
    }

    SecurityConfig config(boolean open) {
        return new SecurityConfig(
                open,
                keys.stream().map(Key::toApiKey).toList(),
                anonymousReads,
                closedTenants,
                privateTypes,
                privateAttributes);
    }

    /** Where the managed keys are. */
    Path keyFile(Path dataDir) {
        return keyFile.orElse(dataDir.resolve("keys.json"));
    }

    /**
     * An API key.
     *
     * @param name who holds it
     * @param sha256 SHA-256 of the key, 64 hexadecimal digits
     * @param access the most it permits
     * @param tenants tenants it is good for; empty: all
     * @param types entity type IRIs it is good for; empty: all
     * @param operations names of the operations it permits; empty: all that access permits
     * @param expires a time such as 2027-01-01T00:00:00Z, from when on it is not good any more
     */
    public record Key(
            String name,
            String sha256,
            @Default("write") Access access,
            List<String> tenants,
            List<String> types,
            List<String> operations,
            Optional<String> expires) {
        ApiKey toApiKey() {
            return new ApiKey(name, sha256, Rights.of(access, tenants, types, operations), expiresAt());
        }

        private @Nullable Instant expiresAt() {
            return expires.map(Instant::parse).orElse(null);
        }

        /** Refuses what is no hash, no type and no time. */
        public Key {
            if (!sha256.matches("[0-9a-fA-F]{64}")) {
                throw new IllegalArgumentException("sha256 must be 64 hexadecimal digits (echo -n KEY | sha256sum)");
            }
            Rights.of(access, tenants, types, operations);
            try {
                expires.ifPresent(Instant::parse);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("expires: allowed is a time such as 2027-01-01T00:00:00Z", e);
            }
        }
    }

    /**
     * An OpenID Connect provider whose tokens are taken.
     *
     * @param issuer the {@code iss} of its tokens; absent: no tokens are taken
     * @param audience the {@code aud} that tokens for this server have
     * @param jwksUri where the provider's public keys are; absent: its discovery document says so
     * @param refresh how often they are fetched again
     * @param rolesClaim where in a token the roles are, with points between members
     * @param clockSkew by how much the clocks of provider and server may differ
     * @param roles what each role permits
     */
    public record Oidc(
            Optional<URI> issuer,
            @Default("freiraum") String audience,
            Optional<URI> jwksUri,
            @Default("10m") Duration refresh,
            @Default("roles") String rolesClaim,
            @Default("60s") Duration clockSkew,
            List<Role> roles) {
        /** Refuses an issuer without roles and times that make no sense. */
        public Oidc {
            if (issuer.isPresent() && roles.isEmpty()) {
                throw new IllegalArgumentException(
                        "roles: at least one is needed, such as { name: editor, access: write }");
            }
            if (clockSkew.isNegative() || clockSkew.compareTo(Duration.ofMinutes(10)) > 0) {
                throw new IllegalArgumentException("clockSkew must be from 0s to 10m");
            }
            if (refresh.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("refresh must be at least 1s");
            }
        }

        Optional<TokenSettings> settings() {
            Map<String, Rights> rights =
                    roles.stream().collect(Collectors.toMap(Role::name, Role::rights, (a, b) -> b));
            return issuer.map(given ->
                    new TokenSettings(given.toString(), audience, List.of(rolesClaim.split("\\.")), rights, clockSkew));
        }
    }

    /**
     * What a role permits.
     *
     * @param name as it is in tokens
     * @param access the most it permits
     * @param tenants tenants it is good for; empty: all
     * @param types entity type IRIs it is good for; empty: all
     * @param operations names of the operations it permits; empty: all that access permits
     */
    public record Role(
            String name,
            @Default("read") Access access,
            List<String> tenants,
            List<String> types,
            List<String> operations) {
        /** Refuses what is no type. */
        public Role {
            Rights.of(access, tenants, types, operations);
        }

        Rights rights() {
            return Rights.of(access, tenants, types, operations);
        }
    }

    /**
     * The log of who changed what and who was refused, a line of JSON each.
     *
     * @param level what is written
     * @param file where; absent: {@code audit.log} in the data directory
     * @param maxBytes the size at which a new file is begun
     * @param files how many full files are kept beside it
     */
    public record Audit(
            @Default("writes") AuditLog.Level level,
            Optional<Path> file,

            @Default("67108864") @Range(min = 4096, max = 1073741824)
            int maxBytes,

            @Default("5") @Range(min = 0, max = 1000) int files) {}
}
