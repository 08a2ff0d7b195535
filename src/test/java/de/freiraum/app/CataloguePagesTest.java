package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of the catalogue and widgets in a real browser: on phones and large screens, in light and in dark, without barriers and without errors. */
class CataloguePagesTest {
    private static final Duration BOUND = Duration.ofSeconds(40);

    private static DashboardCity city;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start();
        city = DashboardCity.start(0);
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (city != null) {
            city.close();
        }
    }

    @AfterEach
    void usualColours() {
        browser.prefersDark(false);
    }

    @ParameterizedTest
    @CsvSource({
        "/catalog?lang=de, false, 1280",
        "/catalog?lang=en, true, 320",
        "/datasets/musterstadt-parkingspot?lang=de, false, 320",
        "/datasets/musterstadt-parkingspot?lang=en, true, 1280",
        "/datasets/musterstadt-crowdflowobserved?lang=de, false, 1280",
        "/datasets/musterstadt-crowdflowobserved?lang=de, true, 320",
        "/datasets/musterstadt-crowdflowprofile?lang=de, false, 320",
        "/embed/parking?lang=de&city=musterstadt, true, 320",
        "/embed/parking?lang=de&city=leer, false, 320",
        "/embed/footfall?lang=en&city=musterstadt, true, 320",
        "/embed/map?lang=de&city=musterstadt, true, 320",
        "/?lang=de&city=musterstadt, true, 390",
        "/?lang=en&city=musterstadt&view=footfall&heat=deviation, false, 390"
    })
    void hasNoSeriousBarrierAndFits(String path, boolean dark, int width) {
        browser.prefersDark(dark);
        browser.resize(width, 700);
        browser.errors();
        browser.open(city.address() + path);
        await().atMost(BOUND).until(() -> browser.script("document.title").length() > 3);
        if (path.startsWith("/embed/") || path.startsWith("/?")) {
            await().atMost(BOUND)
                    .until(() -> browser.script("document.querySelector('#state')?.innerText ?? ''")
                                    .length()
                            > 3);
        }

        assertThat(browser.violations()).isEmpty();
        assertThat(browser.errors()).isEmpty();
        assertThat(Integer.parseInt(browser.script("document.scrollingElement.scrollWidth")))
                .isLessThanOrEqualTo(width);
    }
}
