package de.freiraum.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPolicyTest {
    /** SHA-256 of "secret". */
    private static final String SECRET = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    private static final Tenant CITY = new Tenant("schwerte");

    private final AccessPolicy policy = policy(Access.WRITE, List.of());

    @Test
    void letsAnybodyRead() {
        Principal anonymous = policy.identify(null, null);

        assertThat(anonymous.anonymous()).isTrue();
        assertThatCode(() -> policy.check(anonymous, Access.READ, CITY)).doesNotThrowAnyException();
        assertThat(policy.hiddenTypes(anonymous)).contains("urn:type:Device");
    }

    @Test
    void asksForAKeyToWrite() {
        refused(() -> policy.check(policy.identify(null, null), Access.WRITE, CITY), ErrorType.Unauthorized);
    }

    @Test
    void asksForAKeyToReadAClosedTenant() {
        refused(
                () -> policy.check(policy.identify(null, null), Access.READ, new Tenant("closed")),
                ErrorType.Unauthorized);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer secret", "bearer  secret "})
    void knowsAKeyByItsHash(String header) {
        Principal principal = policy.identify(header, null);

        assertThat(principal.name()).isEqualTo("works");
        assertThatCode(() -> policy.check(principal, Access.WRITE, CITY)).doesNotThrowAnyException();
        assertThat(policy.hiddenTypes(principal)).isEmpty();
    }

    @Test
    void takesTheKeyFromItsOwnHeaderToo() {
        assertThat(policy.identify(null, "secret").name()).isEqualTo("works");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Basic c2VjcmV0", "Bearer ", "secret", ""})
    void refusesCredentialsNobodyHolds(String header) {
        refused(() -> policy.identify(header, null), ErrorType.Unauthorized);
    }

    @Test
    void refusesMoreThanTheKeyPermits() {
        refused(() -> policy.check(policy.identify(null, "secret"), Access.ADMIN, CITY), ErrorType.Forbidden);
    }

    @Test
    void refusesOtherTenantsThanTheKeys() {
        AccessPolicy limited = policy(Access.WRITE, List.of("dortmund"));

        refused(() -> limited.check(limited.identify(null, "secret"), Access.READ, CITY), ErrorType.Forbidden);
    }

    @Test
    void letsEverythingPassWhenOpen() {
        AccessPolicy open = new AccessPolicy(SecurityConfig.OPEN);

        assertThatCode(() -> open.check(open.identify("Bearer whatever", null), Access.ADMIN, CITY))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAHashThatIsNone() {
        assertThatThrownBy(() -> new ApiKey("a", "secret", Access.READ, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverShowsTheHash() {
        assertThat(new ApiKey("a", SECRET, Access.READ, List.of()).toString()).doesNotContain(SECRET);
    }

    private static AccessPolicy policy(Access access, List<String> tenants) {
        return new AccessPolicy(new SecurityConfig(
                false,
                List.of(new ApiKey("works", SECRET.toUpperCase(java.util.Locale.ROOT), access, tenants)),
                true,
                List.of("closed"),
                List.of("urn:type:Device")));
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorType type) {
        assertThatThrownBy(call).isInstanceOfSatisfying(NgsiLdException.class, e -> assertThat(e.type())
                .isEqualTo(type));
    }
}
