package de.freiraum.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.aggregate.footfall.SmallCounts;
import de.freiraum.aggregate.footfall.WindowLength;
import de.freiraum.config.ConfigException;
import de.freiraum.config.ConfigLoader;
import de.freiraum.config.YamlText;
import de.freiraum.model.Tenant;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateConfigTest {
    @Test
    void anEmptyFileGivesTheDefaults() {
        assertThat(load("")).isEqualTo(AggregateConfig.DEFAULT);
    }

    @Test
    void everySettingCanBeWritten() {
        AggregateConfig config = load("""
                tick: 5s
                parking:
                  silence: 0s
                  reservedCategories: [forDisabled]
                footfall:
                  zone: Europe/London
                  zones:
                    dortmund: Europe/Berlin
                  windows: [pt15m, p1d]
                  lateBound: 12h
                  rules:
                    maxPerMinute: 100
                    maxGap: 1d
                  smallCounts:
                    below: 5
                    tenants:
                      dortmund: 10
                    counters:
                      urn:ngsi-ld:CrowdFlowObserved:dortmund:westenhellweg: 0
                """);

        assertThat(config.tick()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.parking().silence()).isZero();
        assertThat(config.parking().reservedCategories()).containsExactly("forDisabled");
        assertThat(config.footfall().zoneOf(new Tenant("dortmund"))).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(config.footfall().zoneOf(Tenant.DEFAULT)).isEqualTo(ZoneId.of("Europe/London"));
        assertThat(config.footfall().windows()).containsOnly(WindowLength.PT15M, WindowLength.P1D);
        assertThat(config.footfall().lateBound()).isEqualTo(Duration.ofHours(12));
        assertThat(config.footfall().rules().maxPerMinute()).isEqualTo(100);
        assertThat(config.footfall().rules().maxGap()).isEqualTo(Duration.ofDays(1));
        assertThat(config.footfall().smallCounts())
                .isEqualTo(new SmallCounts(
                        5, Map.of("dortmund", 10), Map.of("urn:ngsi-ld:CrowdFlowObserved:dortmund:westenhellweg", 0)));
    }

    @Test
    void aBoundOfNothingIsRefused() {
        assertThatThrownBy(() -> load("footfall: {lateBound: 0s}")).isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "footfall: {windows: [p1w]}",
                "footfall: {windows: [p1d, p1y]}",
                "footfall: {windows: [p2d]}",
                "footfall: {smallCounts: {below: -1}}",
                "footfall: {smallCounts: {tenants: {schwerte: -1}}}"
            })
    void windowsWithoutTheirPartsAndNegativeNumbersAreRefused(String yaml) {
        assertThatThrownBy(() -> load(yaml)).isInstanceOf(ConfigException.class);
    }

    private static AggregateConfig load(String yaml) {
        return ConfigLoader.load(AggregateConfig.class, new YamlText("freiraum.yaml", yaml));
    }
}
