package de.freiraum.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tokens: signed with RS256 or ES256 by a public key of the issuer, for this audience, and valid now. No other algorithm is taken, so that neither
 * {@code none} nor a public key misused as the secret of an HMAC gets through. Safe for use by any thread.
 */
public final class TokenVerifier {
    private static final int MAX_LENGTH = 16 * 1024;
    private static final int REMEMBERED = 1000;
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_SUBJECT = 128;
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
    /** RFC 9068 has {@code at+jwt}; issuers that are older say {@code JWT} or nothing. */
    private static final Set<JOSEObjectType> TYPES = Set.of(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"));

    private record Verified(Principal principal, Instant until) {}

    private final TokenSettings settings;
    private final InstantSource clock;
    private final Map<String, Verified> verified = Collections.synchronizedMap(new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Verified> eldest) {
            return size() > REMEMBERED;
        }
    });
    private volatile JWKSet keys = new JWKSet();

    /** A verifier that has no keys yet. */
    public TokenVerifier(TokenSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * From now on these are the issuer's keys.
     *
     * @param json a JWK Set (RFC 7517)
     * @throws IllegalArgumentException if it is none
     */
    public void useKeys(String json) {
        try {
            keys = JWKSet.parse(json).toPublicJWKSet();
        } catch (ParseException e) {
            throw new IllegalArgumentException("this is no JWK Set: " + e.getMessage(), e);
        }
        verified.clear();
    }

    /** Whether a credential looks like a token rather than a key. */
    public static boolean isToken(String credential) {
        int first = credential.indexOf('.');
        return first > 0 && credential.indexOf('.', first + 1) > 0;
    }

    /** Whether the token names a key that is not among those of the issuer, so that these should be fetched anew. */
    public boolean lacksKeyOf(String token) {
        try {
            return token.length() <= MAX_LENGTH
                    && ALGORITHMS.contains(SignedJWT.parse(token).getHeader().getAlgorithm())
                    && candidates(SignedJWT.parse(token).getHeader()).isEmpty();
        } catch (ParseException e) {
            return false;
        }
    }

    /**
     * Who holds the token.
     *
     * @throws NgsiLdException Unauthorized, saying what is wrong with it
     */
    public Principal verify(String token) {
        Instant now = clock.instant();
        Verified known = verified.get(token);
        if (known != null && now.isBefore(known.until())) {
            return known.principal();
        }
        if (token.length() > MAX_LENGTH) {
            throw refused("it is too long");
        }
        SignedJWT jwt;
        JWTClaimsSet claims;
        try {
            jwt = SignedJWT.parse(token);
            checkSignature(jwt);
            claims = Objects.requireNonNull(jwt.getJWTClaimsSet());
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            throw refused("it is no signed token with claims");
        }
        Instant until = checkClaims(claims, now);
        Principal principal = new Principal(subject(claims), rights(claims), false);
        verified.put(token, new Verified(principal, until));
        return principal;
    }

    private void checkSignature(SignedJWT jwt) throws JOSEException {
        JWSHeader header = jwt.getHeader();
        if (!ALGORITHMS.contains(header.getAlgorithm())) {
            throw refused("alg: allowed are RS256 and ES256");
        }
        if (header.getType() != null && !TYPES.contains(header.getType())) {
            throw refused("typ: allowed are JWT and at+jwt");
        }
        for (JWK key : candidates(header)) {
            if (jwt.verify(verifier(key))) {
                return;
            }
        }
        throw refused("no key of the issuer made its signature");
    }

    private List<JWK> candidates(JWSHeader header) {
        List<JWK> found = new ArrayList<>();
        for (JWK key : keys.getKeys()) {
            boolean meant = header.getKeyID() == null || header.getKeyID().equals(key.getKeyID());
            boolean forSigning = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
            boolean forThis = key.getAlgorithm() == null || key.getAlgorithm().equals(header.getAlgorithm());
            if (meant && forSigning && forThis && suits(key, header.getAlgorithm())) {
                found.add(key);
            }
        }
        return found;
    }

    private static boolean suits(JWK key, JWSAlgorithm algorithm) {
        return algorithm.equals(JWSAlgorithm.RS256)
                ? key instanceof RSAKey && key.size() >= MIN_RSA_BITS
                : key instanceof ECKey ec && ec.getCurve().equals(Curve.P_256);
    }

    private static JWSVerifier verifier(JWK key) throws JOSEException {
        return key instanceof RSAKey rsa ? new RSASSAVerifier(rsa) : new ECDSAVerifier((ECKey) key);
    }

    /** Checks what the token says of itself. @return until when that holds */
    private Instant checkClaims(JWTClaimsSet claims, Instant now) {
        if (!settings.issuer().equals(claims.getIssuer())) {
            throw refused("iss: it is of another issuer");
        }
        if (!claims.getAudience().contains(settings.audience())) {
            throw refused("aud: it is for another audience");
        }
        Date expires = claims.getExpirationTime();
        if (expires == null) {
            throw refused("exp: it does not say when it expires");
        }
        Instant until = expires.toInstant().plus(settings.clockSkew());
        if (!now.isBefore(until)) {
            throw refused("exp: it has expired");
        }
        Date notBefore = claims.getNotBeforeTime();
        if (notBefore != null && now.plus(settings.clockSkew()).isBefore(notBefore.toInstant())) {
            throw refused("nbf: it is not valid yet");
        }
        return until;
    }

    private static String subject(JWTClaimsSet claims) {
        String subject = Objects.requireNonNullElse(claims.getSubject(), "token");
        String plain = subject.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= MAX_SUBJECT ? plain : plain.substring(0, MAX_SUBJECT);
    }

    private Rights rights(JWTClaimsSet claims) {
        List<Rights> granted = new ArrayList<>();
        for (String role : roles(claims)) {
            Rights rights = settings.roles().get(role);
            if (rights != null) {
                granted.add(rights);
            }
        }
        if (granted.isEmpty()) {
            throw new NgsiLdException(
                    ErrorType.Forbidden,
                    "the token has no role here (" + String.join(".", settings.rolesClaim()) + ")");
        }
        return strongest(granted);
    }

    /** Rights do not add up: what one role permits on one tenant is not permitted by another on another. The first of the strongest counts. */
    private static Rights strongest(List<Rights> granted) {
        Rights best = granted.get(0);
        for (Rights rights : granted) {
            if (rights.access().compareTo(best.access()) > 0) {
                best = rights;
            }
        }
        return best;
    }

    private List<String> roles(JWTClaimsSet claims) {
        Object value = claims.getClaims();
        for (String member : settings.rolesClaim()) {
            value = value instanceof Map<?, ?> object ? object.get(member) : null;
        }
        return texts(value);
    }

    private static List<String> texts(@Nullable Object value) {
        if (value instanceof String text) {
            return Arrays.asList(text.split(" "));
        }
        return value instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    private static NgsiLdException refused(String why) {
        return new NgsiLdException(ErrorType.Unauthorized, "the token is not accepted: " + why);
    }
}
