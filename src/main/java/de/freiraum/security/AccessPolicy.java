package de.freiraum.security;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides who a request is from and whether it may go on. Immutable. */
public final class AccessPolicy {
    private static final Principal EVERYBODY = new Principal("everybody", Access.ADMIN, Set.of(), false);
    private static final Principal ANONYMOUS = new Principal("anonymous", Access.READ, Set.of(), true);
    private static final int MAX_KEY_LENGTH = 512;

    private final boolean open;
    private final boolean anonymousReads;
    private final Set<String> closedTenants;
    private final Set<String> privateTypes;
    private final Map<String, Principal> keysByHash = new HashMap<>();

    /** A policy of that configuration. */
    public AccessPolicy(SecurityConfig config) {
        this.open = config.open();
        this.anonymousReads = config.anonymousReads();
        this.closedTenants = Set.copyOf(config.closedTenants());
        this.privateTypes = Set.copyOf(config.privateTypes());
        for (ApiKey key : config.keys()) {
            keysByHash.put(
                    key.sha256().toLowerCase(Locale.ROOT),
                    new Principal(key.name(), key.access(), Set.copyOf(key.tenants()), false));
        }
    }

    /**
     * Who sends these credentials.
     *
     * @param authorization the {@code Authorization} header, of the form {@code Bearer KEY}, or null
     * @param apiKey the {@code X-API-Key} header, or null
     * @throws NgsiLdException Unauthorized if a credential is shown that nobody holds
     */
    public Principal identify(@Nullable String authorization, @Nullable String apiKey) {
        if (open) {
            return EVERYBODY;
        }
        String key = apiKey;
        if (key == null && authorization != null) {
            if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
                throw new NgsiLdException(
                        ErrorType.Unauthorized, "Authorization: allowed is the scheme Bearer with an API key");
            }
            key = authorization.substring(7).trim();
        }
        if (key == null) {
            return ANONYMOUS;
        }
        Principal found = key.length() > MAX_KEY_LENGTH ? null : keysByHash.get(sha256(key));
        // The time of a look-up by hash tells nothing: nobody can choose a key by the beginning of its hash.
        if (found == null) {
            throw new NgsiLdException(ErrorType.Unauthorized, "the API key is not known");
        }
        return found;
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
        if (principal.access().compareTo(wanted) < 0) {
            throw new NgsiLdException(
                    ErrorType.Forbidden,
                    "the API key permits " + principal.access() + "; this operation needs " + wanted);
        }
        if (!principal.tenants().isEmpty() && !principal.tenants().contains(tenant.name())) {
            throw new NgsiLdException(ErrorType.Forbidden, "the API key is not good for this tenant");
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
        return principal.tenants().isEmpty() || principal.tenants().contains(tenant.name());
    }

    /** Entity type IRIs that this one never sees. */
    public Set<String> hiddenTypes(Principal principal) {
        return principal.anonymous() ? privateTypes : Set.of();
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
