package de.freiraum.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagePolicyTest {
    private static PagePolicy policy(Optional<String> tiles, String... embedOrigins) {
        return new PagePolicy(new DashboardSettings(
                "Freiraum",
                List.of(new DashboardSettings.City("", "Musterstadt", ZoneId.of("Europe/Berlin"), Optional.empty())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                tiles.map(url -> new DashboardSettings.Tiles(url, "", 18)),
                Optional.empty(),
                List.of(embedOrigins)));
    }

    @Test
    void thePageLoadsFromItsServerAloneAndStandsInNoFrame() {
        assertThat(policy(Optional.empty(), "*").page())
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
                        + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    }

    @ParameterizedTest
    @CsvSource({
        "'https://tiles.example.org/{z}/{x}/{y}.png', 'https://tiles.example.org'",
        "'https://{s}.example.org:8443/{z}/{x}/{y}.png?key=1', 'https://*.example.org:8443'",
        "'http://localhost:8080/a/{z}/{x}/{y}', 'http://localhost:8080'"
    })
    void imagesComeFromTheHostOfTheTileServer(String url, String source) {
        assertThat(policy(Optional.of(url), "*").page()).contains("img-src 'self' data: " + source + ";");
    }

    @Test
    void aTileServerBelowTheSameHostIsNoOtherSource() {
        assertThat(policy(Optional.of("/tiles/{z}/{x}/{y}.png"), "*").page()).contains("img-src 'self' data:;");
    }

    @Test
    void widgetsStandInFramesOfTheOriginsThatAreAllowed() {
        assertThat(policy(Optional.empty(), "https://www.example.org", "'self'").widget())
                .endsWith("frame-ancestors https://www.example.org 'self'");
        assertThat(policy(Optional.empty(), "*").widget()).endsWith("frame-ancestors *");
        assertThat(policy(Optional.empty()).widget()).endsWith("frame-ancestors 'none'");
    }
}
