package de.freiraum.security;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides who a request is from and whether it may go on. Immutable but for the keys, which can be exchanged; safe for use by any thread. */
public final class AccessPolicy {
    private static final Principal EVERYBODY = new Principal("everybody", Rights.ALL, false);
    private static final Principal ANONYMOUS = new Principal("anonymous", Rights.of(Access.READ), true);
    private static final int MAX_KEY_LENGTH = 512;

    private final boolean open;
    private final boolean anonymousReads;
    private final Set<String> closedTenants;
    private final Set<String> privateTypes;
    private final Set<String> privateAttributes;
    private final List<ApiKey> configured;
    private final @Nullable TokenVerifier tokens;
    private final InstantSource clock;
    private volatile Map<String, Holder> keysByHash;

    /** A key's holder and how long the key is good. */
    private record Holder(Principal principal, @Nullable Instant expiresAt) {}

    /** A policy of that configuration, without tokens. */
    public AccessPolicy(SecurityConfig config) {
        this(config, null, InstantSource.system());
    }

    /**
     * A policy of that configuration.
     *
     * @param tokens verifies tokens, or null if none are taken
     * @param clock tells whether a key has expired
     */
    public AccessPolicy(SecurityConfig config, @Nullable TokenVerifier tokens, InstantSource clock) {
        this.open = config.open();
        this.anonymousReads = config.anonymousReads();
        this.closedTenants = Set.copyOf(config.closedTenants());
        this.privateTypes = Set.copyOf(config.privateTypes());
        this.privateAttributes = Set.copyOf(config.privateAttributes());
        this.configured = config.keys();
        this.tokens = tokens;
        this.clock = clock;
        this.keysByHash = byHash(List.of());
    }

    /** From now on these keys are good, beside those of the configuration. */
    public void useKeys(List<ApiKey> managed) {
        keysByHash = byHash(managed);
    }

    private Map<String, Holder> byHash(List<ApiKey> managed) {
        Map<String, Holder> holders = new HashMap<>();
        managed.forEach(key -> put(holders, key));
        configured.forEach(key -> put(holders, key));
        return Map.copyOf(holders);
    }

    private static void put(Map<String, Holder> holders, ApiKey key) {
        holders.put(
                key.sha256().toLowerCase(Locale.ROOT),
                new Holder(new Principal(key.name(), key.rights(), false), key.expiresAt()));
    }

    /**
     * Who sends these credentials.
     *
     * @param authorization the {@code Authorization} header, of the form {@code Bearer KEY} or {@code Bearer TOKEN}, or null
     * @param apiKey the {@code X-API-Key} header, or null
     * @throws NgsiLdException Unauthorized if a credential is shown that nobody holds or that has expired; Forbidden if it is a token without a role
     */
    public Principal identify(@Nullable String authorization, @Nullable String apiKey) {
        if (open) {
            return EVERYBODY;
        }
        String key = apiKey;
        if (key == null && authorization != null) {
            if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
                throw new NgsiLdException(
                        ErrorType.Unauthorized,
                        "Authorization: allowed is the scheme Bearer with an API key or a token");
            }
            key = authorization.substring(7).trim();
        }
        if (key == null) {
            return ANONYMOUS;
        }
        if (tokens != null && TokenVerifier.isToken(key)) {
            return tokens.verify(key);
        }
        Holder found = key.length() > MAX_KEY_LENGTH ? null : keysByHash.get(sha256(key));
        // The time of a look-up by hash tells nothing: nobody can choose a key by the beginning of its hash.
        if (found == null) {
            throw new NgsiLdException(ErrorType.Unauthorized, "the API key is not known");
        }
        if (found.expiresAt() != null && !clock.instant().isBefore(found.expiresAt())) {
            throw new NgsiLdException(ErrorType.Unauthorized, "the API key has expired");
        }
        return found.principal();
    }

    /**
     * Lets the request pass, or refuses it.
     *
     * @throws NgsiLdException Unauthorized if a credential would help, Forbidden if the one shown does not permit it
     */
    public void check(Principal principal, Access wanted, Tenant tenant) {
        if (open) {
            return;
        }
        if (principal.anonymous()) {
            if (wanted != Access.READ) {
                throw new NgsiLdException(
                        ErrorType.Unauthorized,
                        "this operation needs an API key (Authorization: Bearer, or X-API-Key)");
            }
            if (!anonymousReads || closedTenants.contains(tenant.name())) {
                throw new NgsiLdException(
                        ErrorType.Unauthorized, "reading here needs an API key (Authorization: Bearer, or X-API-Key)");
            }
            return;
        }
        if (principal.rights().access().compareTo(wanted) < 0) {
            throw new NgsiLdException(
                    ErrorType.Forbidden,
                    "the credential permits " + principal.rights().access() + "; this operation needs " + wanted);
        }
        if (!principal.rights().tenants().isEmpty()
                && !principal.rights().tenants().contains(tenant.name())) {
            throw new NgsiLdException(ErrorType.Forbidden, "the credential is not good for this tenant");
        }
    }

    /**
     * Lets pass whoever may do this operation, as far as that does not depend on the tenant.
     *
     * @param operation its name, such as {@code queryEntities}
     * @param onEntities whether it works on entities, so that those of other types can be kept from it
     * @throws NgsiLdException Forbidden
     */
    public void checkOperation(Principal principal, String operation, boolean onEntities) {
        Rights rights = principal.rights();
        if (!rights.operations().isEmpty() && !rights.operations().contains(operation)) {
            throw new NgsiLdException(ErrorType.Forbidden, "the credential does not permit " + operation);
        }
        if (!onEntities && !rights.types().isEmpty()) {
            throw new NgsiLdException(
                    ErrorType.Forbidden,
                    "the credential is good for entities of some types only, not for " + operation);
        }
    }

    /**
     * Lets pass whoever may read anything at all.
     *
     * @throws NgsiLdException Unauthorized
     */
    public void requireReader(Principal principal) {
        if (!open && principal.anonymous() && !anonymousReads) {
            throw new NgsiLdException(
                    ErrorType.Unauthorized, "reading here needs an API key (Authorization: Bearer, or X-API-Key)");
        }
    }

    /** Whether this one showed a key; when everything is open, nobody needs to. */
    public boolean holdsKey(Principal principal) {
        return !open && !principal.anonymous();
    }

    /** Whether this one may read a tenant, as {@link #check} has it. */
    public boolean mayRead(Principal principal, Tenant tenant) {
        if (open) {
            return true;
        }
        if (principal.anonymous()) {
            return anonymousReads && !closedTenants.contains(tenant.name());
        }
        return principal.rights().tenants().isEmpty()
                || principal.rights().tenants().contains(tenant.name());
    }

    /** Entity type IRIs beside which there are none for this one; empty: there is no such limit. */
    public Set<String> onlyTypes(Principal principal) {
        return principal.rights().types();
    }

    /** Entity type IRIs that this one never sees. */
    public Set<String> hiddenTypes(Principal principal) {
        return principal.anonymous() ? privateTypes : Set.of();
    }

    /** Attribute IRIs that this one neither sees nor can ask for. */
    public Set<String> hiddenAttributes(Principal principal) {
        return principal.anonymous() ? privateAttributes : Set.of();
    }

    private static String sha256(String key) {
        try {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
