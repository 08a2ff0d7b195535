package de.freiraum.broker;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What identifies the broker (clauses 5.2.40 and 5.15.1). */
class SourceIdentityTest {
    private static final Instant START = Instant.parse("2026-03-29T00:30:00Z");

    private final AtomicReference<Instant> time = new AtomicReference<>(START);
    private final SourceIdentity identity = new SourceIdentity("urn:x:1", "Stadt Köln", time::get);

    @Test
    void theAliasIsATokenOfTheViaHeaderAndOfEachTenantAnother() {
        assertThat(identity.describe(Caller.system(Tenant.DEFAULT)).alias()).isEqualTo("Stadt%20K%C3%B6ln");
        assertThat(identity.describe(Caller.system(new Tenant("a:b"))).alias()).isEqualTo("Stadt%20K%C3%B6ln-a%3Ab");
    }

    @Test
    void tellsHowLongItRuns() {
        time.set(START.plusMillis(61_500));

        SourceIdentity.Description description = identity.describe(Caller.system(Tenant.DEFAULT));

        assertThat(description.uptime()).isEqualTo(Duration.ofSeconds(61));
        assertThat(description.now()).isEqualTo(START.plusMillis(61_500));
    }
}
