package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The dashboard in a real browser, with a real server behind it. */
class DashboardTest {
    private static final Duration BOUND = Duration.ofSeconds(40);
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final String PARKING = "/?lang=de&city=musterstadt";
    private static final String FOOTFALL = PARKING + "&view=footfall&place=" + DashboardCity.COUNTER;

    private static final String CELLS =
            "[...document.querySelectorAll('.heat-table td')].map((cell) => cell.innerText).join(';')";

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

    @BeforeEach
    void usualWindow() {
        browser.resize(1280, 900);
    }

    /** Opens a page and waits until it is connected and shows the city's numbers. */
    private static void open(String path) {
        browser.errors();
        browser.open(city.address() + path);
        await().atMost(BOUND)
                .until(() -> path.startsWith("/embed/")
                        ? List.of("Live", "Jede halbe Minute neu").contains(text("#state"))
                        : attribute("#state", "data-state").equals("live"));
    }

    private static String text(String selector) {
        return browser.script(
                "((one) => one?.checkVisibility() ? one.innerText : '')(document.querySelector(arguments[0]))",
                selector);
    }

    private static String attribute(String selector, String name) {
        return browser.script("document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? ''", selector, name);
    }

    private static long count(String selector) {
        return Long.parseLong(browser.script("document.querySelectorAll(arguments[0]).length", selector));
    }

    private static void until(String selector, String contained) {
        await().atMost(BOUND).untilAsserted(() -> assertThat(text(selector)).contains(contained));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/?lang=de",
                PARKING,
                FOOTFALL,
                "/?lang=de&city=leer",
                "/?lang=de&city=leer&view=footfall",
                "/?lang=de&city=nirgends&place=urn:x:1&day=99&period=ever&compare=urn:x:2&wall=1",
                "/embed/parking?lang=de&city=musterstadt",
                "/embed/footfall?lang=de&city=musterstadt",
                "/embed/map?lang=de&city=musterstadt"
            })
    void loadsWithoutErrorFromThisServerAloneAndKeepsNothing(String path) {
        open(path);

        assertThat(browser.errors()).isEmpty();
        assertThat(
                        browser.script(
                                "performance.getEntriesByType('resource').filter((one) => !one.name.startsWith(location.origin)).map((one) => one.name)"))
                .isEmpty();
        assertThat(browser.script("document.cookie + localStorage.length + sessionStorage.length"))
                .isEqualTo("00");
        assertThat(browser.driver().getTitle()).contains("Versuch");
    }

    @Test
    void aSpaceChangesWhenItsSensorSendsByMqtt() throws Exception {
        city.sense(0, false);
        open(PARKING);
        await().atMost(BOUND).until(() -> count(".strip .sign-free") == 3);
        String free = colour(".strip .sign-free");
        until(".hero", "3 von 4 Plätzen frei");
        long dots = freePixels();

        try (MqttClient sensor =
                new MqttClient("tcp://127.0.0.1:" + city.mqttPort(), "sensor", new MemoryPersistence())) {
            sensor.connect();
            sensor.publish(
                    "application/1/device/" + DashboardCity.device(0) + "/event/up",
                    city.message(0, true).getBytes(StandardCharsets.UTF_8),
                    1,
                    false);
            sensor.disconnect();
        }

        await().atMost(BOUND).until(() -> count(".strip .sign-free") == 2);
        assertThat(colour(".strip > svg > *:first-child")).isNotEqualTo(free);
        assertThat(attribute(".strip > svg > *:first-child", "class")).isEqualTo("sign-occupied");
        until(".hero", "2 von 4 Plätzen frei");
        until(".leaflet-marker-pane .badge b", "2");
        await().atMost(BOUND).until(() -> freePixels() < dots);
        city.sense(0, false);
        await().atMost(BOUND).until(() -> count(".strip .sign-free") == 3);
    }

    private static String colour(String selector) {
        return browser.script("getComputedStyle(document.querySelector(arguments[0])).fill", selector);
    }

    /** How many points of the map have the colour of free spaces. */
    private static long freePixels() {
        return Long.parseLong(browser.script("""
                (() => {
                  const canvas = document.querySelector(".leaflet-overlay-pane canvas");
                  if (!canvas) return 0;
                  const colour = getComputedStyle(document.documentElement).getPropertyValue("--free").trim();
                  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
                  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
                  let found = 0;
                  for (let at = 0; at < data.length; at += 4) if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) found++;
                  return found;
                })()"""));
    }

    @Test
    void spacesOfAKindAndSinglePlacesCanBeChosen() {
        open(PARKING + "&need=disabled");
        until(".hero", "von 1 Platz frei");
        open(PARKING + "&need=charging");
        until(".hero", "Kein Platz dieser Art hat einen Sensor.");
        open(PARKING + "&place=" + DashboardCity.SITE);
        until(".hero", "Am Markt");
        browser.driver().findElement(By.cssSelector(".spots-panel summary")).click();
        await().atMost(BOUND).until(() -> count(".spots-panel tbody tr") == 4);
        assertThat(text(".spots-panel tbody tr")).contains("Am Markt 1", "Behindertenplatz");
    }

    @Test
    void theHeatMapSaysWhatTheInterfaceSays() throws Exception {
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
        Map<Instant, Long> hours = city.hours(DashboardCity.COUNTER, hour.minus(Duration.ofDays(28)), hour);
        Map<String, List<Long>> byHour = hours.entrySet().stream()
                .collect(Collectors.groupingBy(
                        one -> hourOfWeek(one.getKey()), Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        assertThat(byHour).hasSize(7 * 24);

        open(FOOTFALL);
        await().atMost(BOUND).until(() -> count(".heat-table tbody td") == 7 * 24);

        List<WebElement> rows = browser.driver().findElements(By.cssSelector(".heat-table tbody tr"));
        for (DayOfWeek day : DayOfWeek.values()) {
            List<String> shown = Arrays.stream(
                            rows.get(day.getValue() - 1).getText().split("\\s+"))
                    .skip(1)
                    .toList();
            List<String> expected = Stream.iterate(0, time -> time + 1)
                    .limit(24)
                    .map(time -> Long.toString(Math.round(median(byHour.getOrDefault(day + " " + time, List.of())))))
                    .toList();
            assertThat(shown).as(day.toString()).isEqualTo(expected);
        }
    }

    @Test
    void aTypicalWeekIsShownAndHowFarTheLastDaysWereFromIt() throws Exception {
        String typical = Integer.toString(DashboardCity.TYPICAL);
        open(PARKING + "&view=footfall&place=" + DashboardCity.PROFILED);
        until(".heat-panel .note", "CrowdFlowProfile");
        assertThat(browser.script(CELLS).split(";")).hasSize(7 * 24).containsOnly(typical);

        browser.driver()
                .findElement(By.cssSelector(".heat-panel .choices li:nth-child(2) a"))
                .click();
        until(".heat-panel .note", "letzten 7 Tage");
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
        List<String> expected =
                city.hours(DashboardCity.PROFILED, hour.minus(Duration.ofDays(8)), hour).values().stream()
                        .map(people -> people - DashboardCity.TYPICAL)
                        .map(percent -> (percent > 0 ? "+" : "") + percent + " %")
                        .toList();
        List<String> shown = Arrays.stream(browser.script(CELLS).split(";"))
                .map(cell -> cell.replace('\u00a0', ' '))
                .filter(cell -> cell.endsWith("%"))
                .toList();
        assertThat(shown).isSubsetOf(expected).hasSizeGreaterThan(7 * 24 - 6);
        assertThat(browser.driver().getCurrentUrl()).contains("heat=deviation");
    }

    private static String hourOfWeek(Instant instant) {
        ZonedDateTime local = instant.atZone(ZONE);
        return local.getDayOfWeek() + " " + local.getHour();
    }

    private static double median(List<Long> numbers) {
        List<Long> sorted = numbers.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2.0;
    }

    @Test
    void theSeriesSaysWhatTheInterfaceSaysAndAGapIsNoZero() throws Exception {
        Instant now = Instant.now();
        Instant from =
                now.atZone(ZONE).truncatedTo(ChronoUnit.DAYS).minusDays(6).toInstant();
        Map<Instant, Long> hours = new TreeMap<>(city.hours(DashboardCity.COUNTER, from, now));

        open(FOOTFALL);
        await().atMost(BOUND).until(() -> count(".series details") == 1);
        browser.driver().findElement(By.cssSelector(".series summary")).click();
        await().atMost(BOUND).until(() -> count(".series tbody tr") == hours.size());

        List<String> shown = Arrays.stream(browser.script(
                                "[...document.querySelectorAll('.series tbody tr')].map((row) => row.cells[1].textContent).reverse().join(' ')")
                        .split(" "))
                .toList();
        assertThat(shown)
                .isEqualTo(hours.values().stream()
                        .map(count -> String.format(Locale.ROOT, "%d", count))
                        .toList());
        assertThat(count(".series .gap")).isPositive();
        assertThat(count(".series .chart .bar-towards")).isEqualTo(hours.size());
        assertThat(text(".series .key")).contains("zur Stadt", "zum Fluss");
        assertThat(text(".series")).contains("Das bedeutet nicht null.");
    }

    @Test
    void speaksGermanAndEnglish() {
        open(PARKING);
        assertThat(attribute("html", "lang")).isEqualTo("de");
        assertThat(text("h1")).isEqualTo("Parken in Musterstadt");
        browser.driver().findElement(By.id("lang-switch")).click();
        await().atMost(BOUND).until(() -> attribute("html", "lang").equals("en"));
        until("h1", "Parking in Musterstadt");
        until(".hero", "of 4 spaces free");
        assertThat(browser.driver().getCurrentUrl()).contains("lang=en").contains("city=musterstadt");
    }

    @Test
    void everythingCanBeReachedByKeyboard() {
        open("/?lang=de");
        press(Keys.TAB);
        assertThat(focused()).isEqualTo("Zum Inhalt");
        tabTo("Musterstadt");
        assertThat(browser.script("getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
        press(Keys.ENTER);
        until("h1", "Parken in Musterstadt");
        assertThat(focused()).isEqualTo("Parken in Musterstadt");
        tabTo("Am Markt");
        press(Keys.ENTER);
        await().atMost(BOUND).until(() -> browser.driver().getCurrentUrl().contains("place="));
        tabTo("Morgen");
        press(Keys.ENTER);
        await().atMost(BOUND).until(() -> browser.driver().getCurrentUrl().contains("day=1"));
        browser.driver().navigate().back();
        browser.driver().navigate().back();
        await().atMost(BOUND).until(() -> !browser.driver().getCurrentUrl().contains("place="));
    }

    @Test
    void focusAndOpenTablesStayWhileNumbersChange() throws Exception {
        open(PARKING);
        await().atMost(BOUND).until(() -> count(".spots-panel summary") == 1);
        browser.driver().findElement(By.cssSelector(".spots-panel summary")).click();
        until(".spots-panel table", "Am Markt 1");
        browser.driver()
                .findElement(By.cssSelector(".sites-panel .choices li:nth-child(2) a"))
                .sendKeys(Keys.ENTER);
        until(".hero", "1 von 1 Platz frei");
        assertThat(focused()).isEqualTo("Behindertenplätze");
        city.sense(0, true);
        until(".hero", "0 von 1 Platz frei");
        assertThat(focused()).isEqualTo("Behindertenplätze");
        until(".spots-panel table", "belegt");
        city.sense(0, false);
        until(".hero", "1 von 1 Platz frei");
    }

    private static void press(Keys key) {
        browser.driver().switchTo().activeElement().sendKeys(key);
    }

    private static String focused() {
        return browser.script(
                "(document.activeElement.querySelector('.site-name') ?? document.activeElement).innerText.trim()");
    }

    private static void tabTo(String name) {
        for (int i = 0; i < 60; i++) {
            press(Keys.TAB);
            if (focused().equals(name)) {
                return;
            }
        }
        throw new AssertionError(name + " cannot be reached by keyboard");
    }

    @ParameterizedTest
    @CsvSource({
        "/?lang=de, .cards .card",
        "/?lang=de&theme=dark, .cards .card",
        PARKING + ", .curve p",
        PARKING + "&theme=dark, .curve p",
        FOOTFALL + ", .heat-table",
        FOOTFALL + "&theme=dark, .heat-table",
        FOOTFALL + "&heat=deviation, .heat-table",
        FOOTFALL + "&heat=deviation&theme=dark, .heat-table",
        "/?lang=en&city=leer&wall=1, .hero",
        "/embed/parking?lang=de, .headline",
        "/embed/footfall?lang=de, .usual:not(:empty)",
        "/embed/map?lang=de, .badge"
    })
    void hasNoSeriousBarrier(String path, String shown) {
        open(path);
        await().atMost(BOUND).until(() -> count(shown) > 0);
        assertThat(browser.violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/?lang=de", PARKING, FOOTFALL, "/embed/parking?lang=de"})
    void fitsNarrowScreens(String path) {
        browser.resize(320, 640);
        open(path);
        assertThat(Integer.parseInt(browser.script("document.scrollingElement.scrollWidth")))
                .isLessThanOrEqualTo(320);
    }

    @Test
    void fitsAWallScreen() {
        browser.resize(1920, 1080);
        open(PARKING + "&wall=1");
        await().atMost(BOUND).until(() -> count(".curve p") > 0);
        assertThat(Integer.parseInt(browser.script("document.scrollingElement.scrollHeight")))
                .isLessThanOrEqualTo(1080);
    }

    @Test
    void itsModulesCompute() {
        open("/?lang=de");
        assertThat(browser.module(Browser.resource("/dashboard/modules.js"))).isEmpty();
    }

    @Test
    void standsInAFrameOfAnotherSiteAsAWidgetOnly() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer other = vertx.createHttpServer()
                    .requestHandler(request -> request.response()
                            .putHeader("Content-Type", "text/html")
                            .end("<iframe id=widget src='" + city.address()
                                    + "/embed/parking?lang=de&city=musterstadt'></iframe><iframe id=page src='"
                                    + city.address() + "/'></iframe>"))
                    .listen(0, "localhost")
                    .await(10, TimeUnit.SECONDS);
            browser.open("http://localhost:" + other.actualPort() + "/");
            browser.driver().switchTo().frame("widget");
            until("#widget", "von 4 Plätzen frei");
            browser.driver().switchTo().defaultContent().switchTo().frame("page");
            assertThat(count("#view")).isZero();
            browser.driver().switchTo().defaultContent();
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void tellsWhenThereIsNoAnswerAndComesBack() throws Exception {
        DashboardCity first = DashboardCity.start(0);
        browser.open(first.address() + PARKING);
        until(".hero", "3 von 4 Plätzen frei");
        first.close();
        until("#problem", "Gezeigt wird der letzte bekannte Stand");
        assertThat(text(".hero")).contains("3 von 4 Plätzen frei");
        try (DashboardCity again = DashboardCity.start(first.httpPort())) {
            await().atMost(BOUND).until(() -> attribute("#state", "data-state").equals("live"));
            assertThat(text("#problem")).isEmpty();
            assertThat(again.httpPort()).isEqualTo(first.httpPort());
        }
    }
}
