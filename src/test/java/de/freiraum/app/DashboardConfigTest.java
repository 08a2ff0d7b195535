package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.config.ConfigException;
import de.freiraum.config.ConfigLoader;
import de.freiraum.config.YamlText;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardConfigTest {
    private static AppConfig.Dashboard read(String setting) {
        return ConfigLoader.load(
                        AppConfig.class,
                        new YamlText("freiraum.yaml", "dashboard: { " + setting + " }"),
                        Map.of(),
                        Map.of())
                .dashboard();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://tiles.example.org/{z}/{x}/{y}.png",
                "https://{s}.example.org:8443/{z}/{x}/{y}.png?key=1",
                "/tiles/{z}/{x}/{y}.png"
            })
    void takesAddressesOfTiles(String url) {
        assertThat(read("tiles: { url: '" + url + "' }").tiles().url()).contains(url);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tiles: { url: 'https://tiles.example.org/{z}/{x}.png' } | {z}/{x}/{y}",
                "tiles: { url: 'ftp://tiles.example.org/{z}/{x}/{y}.png' } | {z}/{x}/{y}",
                "tiles: { url: 'https://a.example.org; script-src */{z}/{x}/{y}.png' } | {z}/{x}/{y}",
                "tiles: { url: 'tiles/{z}/{x}/{y}.png' } | {z}/{x}/{y}",
                "tiles: { maxZoom: 40 } | 1 to 22",
                "background: { file: 'not-there.geojson' } | cannot be read",
                "embedOrigins: ['https://example.org/path'] | origins such as",
                "embedOrigins: ['*; script-src *'] | origins such as",
                "cities: [{ name: A, idPattern: '(' }] | idPattern",
                "cities: [{ tenant: a }] | name"
            })
    void refusesWhatCannotBeMeant(String setting, String told) {
        assertThatThrownBy(() -> read(setting))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(told);
    }
}
