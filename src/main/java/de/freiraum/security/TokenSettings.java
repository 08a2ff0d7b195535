package de.freiraum.security;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Which tokens (JWT, RFC 7519) are taken, and what they permit.
 *
 * @param issuer the {@code iss} that they must have
 * @param audience the {@code aud} that they must have
 * @param rolesClaim where the roles are, with points between members, such as {@code realm_access.roles}; there is a list of texts, or one text with
 *     blanks between
 * @param roles what each role permits; a token without any of them is refused
 * @param clockSkew by how much the clocks of issuer and server may differ
 */
public record TokenSettings(
        String issuer, String audience, List<String> rolesClaim, Map<String, Rights> roles, Duration clockSkew) {
    /** Copies the collections. */
    public TokenSettings {
        rolesClaim = List.copyOf(rolesClaim);
        roles = Map.copyOf(roles);
    }
}
