package de.freiraum.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String ISSUER = "https://login.example.org/realms/city";

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static RSAKey rsa;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static RSAKey next;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static ECKey ec;

    private Instant now = NOW;
    private final TokenVerifier verifier = new TokenVerifier(
            new TokenSettings(
                    ISSUER,
                    "freiraum",
                    List.of("realm_access", "roles"),
                    Map.of(
                            "editor",
                            new Rights(Access.WRITE, Set.of("town"), Set.of(), Set.of()),
                            "guest",
                            Rights.of(Access.READ)),
                    Duration.ofSeconds(60)),
            () -> now);

    TokenVerifierTest() {
        use(rsa, ec);
    }

    @BeforeAll
    static void makeKeys() throws JOSEException {
        rsa = new RSAKeyGenerator(2048).keyID("a").generate();
        next = new RSAKeyGenerator(2048).keyID("b").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("e").generate();
    }

    @Test
    void aTokenOfTheIssuerGivesTheRightsOfItsStrongestRole() throws JOSEException {
        Principal principal = verifier.verify(signed(rsa, claims().build()));

        assertThat(principal.name()).isEqualTo("anna");
        assertThat(principal.anonymous()).isFalse();
        assertThat(principal.rights().access()).isEqualTo(Access.WRITE);
        assertThat(principal.rights().tenants()).containsExactly("town");
    }

    @Test
    void ellipticCurvesAreTakenToo() throws JOSEException {
        assertThat(verifier.verify(signed(ec, claims().build())).name()).isEqualTo("anna");
    }

    @Test
    void afterARotationTheNewKeyIsGoodAndTheOldOneIsNot() throws JOSEException {
        String old = signed(rsa, claims().build());
        String later = signed(next, claims().build());
        verifier.verify(old);
        assertThat(verifier.lacksKeyOf(later)).isTrue();

        use(next);

        assertThat(verifier.lacksKeyOf(later)).isFalse();
        assertThat(verifier.verify(later).name()).isEqualTo("anna");
        refused(old, ErrorType.Unauthorized);
    }

    @Test
    void clocksMayDifferALittle() throws JOSEException {
        String token = signed(
                rsa, claims().notBeforeTime(Date.from(NOW.plusSeconds(50))).build());
        assertThat(verifier.verify(token).name()).isEqualTo("anna");

        now = NOW.plusSeconds(300 + 59);
        assertThat(verifier.verify(token).name()).isEqualTo("anna");

        now = NOW.plusSeconds(300 + 60);
        refused(token, ErrorType.Unauthorized);
    }

    @Test
    void aTokenIsRefusedThatIsNotSigned() {
        refused(new PlainJWT(claims().build()).serialize(), ErrorType.Unauthorized);
    }

    @Test
    void aTokenIsRefusedThatUsesAPublicKeyAsASecret() throws Exception {
        SignedJWT forged = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("a").build(), claims().build());
        forged.sign(new MACSigner(rsa.toRSAPublicKey().getEncoded()));

        refused(forged.serialize(), ErrorType.Unauthorized);
    }

    @Test
    void aTokenIsRefusedThatAnotherKeySigned() throws JOSEException {
        RSAKey other = new RSAKey.Builder(next).keyID("a").build();

        refused(signed(other, claims().build()), ErrorType.Unauthorized);
    }

    @Test
    void aTokenIsRefusedWhoseClaimsWereChanged() throws JOSEException {
        String[] parts = signed(rsa, claims().build()).split("\\.");
        String others = signed(rsa, claims().subject("eve").build()).split("\\.")[1];

        refused(parts[0] + "." + others + "." + parts[2], ErrorType.Unauthorized);
    }

    @Test
    void aTokenIsRefusedThatIsForSomebodyElse() throws JOSEException {
        refused(signed(rsa, claims().issuer("https://evil.example.org").build()), ErrorType.Unauthorized);
        refused(signed(rsa, claims().audience("billing").build()), ErrorType.Unauthorized);
        refused(signed(rsa, claims().audience((String) null).build()), ErrorType.Unauthorized);
    }

    @Test
    void aTokenIsRefusedAtTheWrongTime() throws JOSEException {
        refused(signed(rsa, claims().expirationTime(null).build()), ErrorType.Unauthorized);
        refused(
                signed(
                        rsa,
                        claims().expirationTime(Date.from(NOW.minusSeconds(60))).build()),
                ErrorType.Unauthorized);
        refused(
                signed(
                        rsa,
                        claims().notBeforeTime(Date.from(NOW.plusSeconds(61))).build()),
                ErrorType.Unauthorized);
    }

    @Test
    void aTokenWithoutARoleHereIsForbidden() throws JOSEException {
        refused(signed(rsa, claims().claim("realm_access", null).build()), ErrorType.Forbidden);
        refused(
                signed(
                        rsa,
                        claims().claim("realm_access", Map.of("roles", List.of("cook")))
                                .build()),
                ErrorType.Forbidden);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a.b.c", "eyJhbGciOiJSUzI1NiJ9.e30.", "{}.{}.{}", "eyJhbGciOiJub25lIn0.e30."})
    void nonsenseIsRefused(String token) {
        refused(token, ErrorType.Unauthorized);
        assertThat(verifier.lacksKeyOf("x" + token)).isFalse();
    }

    private void refused(String token, ErrorType type) {
        NgsiLdException refusal = catchThrowableOfType(NgsiLdException.class, () -> verifier.verify(token));
        assertThat(refusal).isNotNull();
        assertThat(refusal.type()).isEqualTo(type);
    }

    private void use(JWK... keys) {
        verifier.useKeys(new JWKSet(List.of(keys)).toString());
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("freiraum")
                .subject("anna")
                .expirationTime(Date.from(NOW.plusSeconds(300)))
                .claim("realm_access", Map.of("roles", List.of("guest", "editor", "cook")));
    }

    private static String signed(JWK key, JWTClaimsSet claims) throws JOSEException {
        boolean isRsa = key instanceof RSAKey;
        JWSSigner signer = isRsa ? new RSASSASigner(key.toRSAKey()) : new ECDSASigner(key.toECKey());
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(isRsa ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256)
                        .keyID(key.getKeyID())
                        .build(),
                claims);
        jwt.sign(signer);
        return jwt.serialize();
    }
}
