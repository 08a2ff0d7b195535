package de.freiraum.catalog.page;

import de.freiraum.catalog.Addresses;
import de.freiraum.catalog.Catalogue;
import de.freiraum.catalog.Column;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.FileFormat;
import de.freiraum.catalog.Group;
import de.freiraum.catalog.Language;
import de.freiraum.catalog.Text;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A dataset for people: what it is, how good it is, and how to get it. */
public final class DatasetPage {
    private static final int WHOLE = 100;

    private final Catalogue catalogue;
    private final Dataset dataset;
    private final Language language;
    private final Frame frame;
    private final Addresses at;

    private DatasetPage(Catalogue catalogue, Dataset dataset, Language language) {
        this.catalogue = catalogue;
        this.dataset = dataset;
        this.language = language;
        this.frame = new Frame(catalogue.about(), language);
        this.at = new Addresses(catalogue.about().base());
    }

    /**
     * The page, in UTF-8.
     *
     * @param preview the first rows of the table, with as many cells as the dataset has columns
     */
    public static byte[] of(Catalogue catalogue, Dataset dataset, Language language, List<List<String>> preview) {
        return new DatasetPage(catalogue, dataset, language).write(preview);
    }

    private byte[] write(List<List<String>> preview) {
        String title = say(dataset.title());
        Html html = frame.begin(
                title,
                say(dataset.kind().description()),
                at.dataset(dataset),
                SchemaOrg.dataset(catalogue, dataset, language));
        html.open("p", "class", "quiet").link(say(Words.CATALOGUE), "/catalog").close();
        html.element("h1", title).element("p", say(dataset.kind().description()), "class", "lead");
        whole(html);
        downloads(html);
        places(html);
        facts(html);
        quality(html);
        days(html);
        preview(html, preview);
        columns(html);
        examples(html);
        return frame.end(html, "/datasets/" + dataset.id());
    }

    private void whole(Html html) {
        if (dataset.group() != null) {
            Text title = dataset.kind().title().plus(", " + dataset.city().name());
            html.open("p")
                    .text(say(Words.WHOLE))
                    .link(say(title), "/datasets/" + dataset.wholeId())
                    .close();
        }
    }

    private void places(Html html) {
        List<Dataset> places = dataset.group() == null ? catalogue.groupsOf(dataset) : List.of();
        if (places.isEmpty()) {
            return;
        }
        html.element("h2", say(Words.PLACES)).open("ul", "role", "list");
        for (Dataset place : places) {
            Group group = place.group();
            html.open("li")
                    .link(group == null ? place.id() : group.name(), "/datasets/" + place.id())
                    .close();
        }
        html.close();
    }

    private void downloads(Html html) {
        html.element("h2", say(Words.NOW)).open("ul", "class", "downloads", "role", "list");
        for (FileFormat format : FileFormat.values()) {
            html.open("li")
                    .link(format.label(), "/datasets/" + dataset.id() + "." + format.suffix())
                    .close();
        }
        html.close();
        List<YearMonth> months = dataset.months();
        if (months.isEmpty()) {
            return;
        }
        html.element("h2", say(Words.PAST)).open("ul", "class", "months", "role", "list");
        for (int i = months.size() - 1; i >= 0; i--) {
            String address = "/datasets/" + dataset.id() + "/history/" + months.get(i);
            html.open("li").element("span", months.get(i).toString());
            for (FileFormat format : FileFormat.values()) {
                if (format.ofPast()) {
                    html.element(
                            "a",
                            format.label(),
                            "href",
                            address + "." + format.suffix(),
                            "aria-label",
                            months.get(i) + " " + format.label());
                }
            }
            html.close();
        }
        html.close();
        html.open("p", "class", "quiet")
                .text(say(Words.DAYS))
                .element("code", "/datasets/" + dataset.id() + "/history/" + lastDay() + ".csv")
                .close();
    }

    /** The last day of which there is something. */
    private LocalDate lastDay() {
        Instant last = dataset.lastObserved();
        return LocalDate.ofInstant(
                last == null ? dataset.modified() : last, dataset.city().zone());
    }

    private void facts(Html html) {
        html.open("dl", "class", "facts");
        html.element("dt", say(Words.LICENCE))
                .open("dd")
                .link(dataset.kind().licence().name(), dataset.kind().licence().text())
                .close();
        if (dataset.kind().licence().attribution()) {
            fact(html, Words.ATTRIBUTION, catalogue.about().attribution());
        }
        fact(html, Words.PUBLISHER, SchemaOrg.publisher(catalogue, dataset));
        fact(html, Words.PLACE, dataset.city().name());
        fact(html, Words.ENTRIES, Long.toString(dataset.entities()));
        if (dataset.hasHistory()) {
            fact(html, Words.SINCE, time(dataset.firstObserved()));
        }
        fact(html, Words.MODIFIED, time(dataset.modified()));
        html.close();
    }

    private void fact(Html html, Text name, String value) {
        html.element("dt", say(name)).element("dd", value);
    }

    private void quality(Html html) {
        html.element("h2", say(Words.QUALITY)).open("dl", "class", "facts");
        if (dataset.lastObserved() != null) {
            fact(html, Words.LAST, time(dataset.lastObserved()));
        }
        if (dataset.observed() > 0) {
            long silent = dataset.observed() - dataset.reporting();
            fact(
                    html,
                    Words.REPORTING,
                    dataset.reporting() + say(Words.OF) + dataset.observed() + ". "
                            + (silent == 0 ? say(Words.ALL_REPORT) : silent + say(Words.SILENT)));
        }
        List<String> gaps = dataset.columns().stream()
                .filter(column -> column.filled() < dataset.entities())
                .map(column -> column.name() + " (" + share(column) + ")")
                .toList();
        fact(
                html,
                Words.COMPLETENESS,
                gaps.isEmpty() ? say(Words.COMPLETE) : say(Words.GAPS) + String.join(", ", gaps));
        if (!dataset.days().isEmpty()) {
            List<String> empty = dataset.gaps().stream().map(this::day).toList();
            fact(
                    html,
                    Words.KNOWN_GAPS,
                    empty.isEmpty()
                            ? say(Words.NO_GAPS) + dataset.days().size()
                            : say(Words.WITHOUT_VALUES) + String.join(", ", empty));
        }
        html.close();
    }

    private void days(Html html) {
        if (dataset.days().isEmpty()) {
            return;
        }
        html.open("details")
                .element("summary", say(Words.DAYS_OF_SENSORS))
                .open("table")
                .element("caption", say(Words.DAYS_OF_SENSORS), "class", "visually-hidden")
                .open("thead")
                .open("tr")
                .element("th", say(Words.DAY), "scope", "col")
                .element("th", say(Words.SENSORS), "scope", "col")
                .close()
                .close()
                .open("tbody");
        for (Dataset.Day day : dataset.days()) {
            html.open("tr")
                    .element("th", day(day.date()), "scope", "row")
                    .element("td", day.reporting() + say(Words.OF) + dataset.observed())
                    .close();
        }
        html.close().close().close();
    }

    private String day(LocalDate date) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM)
                .withLocale(language.locale())
                .format(date);
    }

    private void preview(Html html, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        html.element("h2", say(Words.PREVIEW), "id", "preview");
        html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-labelledby", "preview")
                .open("table")
                .element("caption", say(Words.PREVIEW_OF), "class", "visually-hidden")
                .open("thead")
                .open("tr");
        dataset.columns().forEach(column -> html.element("th", column.name(), "scope", "col"));
        html.close().close().open("tbody");
        for (List<String> row : rows) {
            html.open("tr");
            row.forEach(cell -> html.element("td", cell));
            html.close();
        }
        html.close().close().close();
    }

    private void columns(Html html) {
        html.element("h2", say(Words.COLUMNS), "id", "columns");
        html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-labelledby", "columns")
                .open("table")
                .open("thead")
                .open("tr")
                .element("th", say(Words.COLUMN), "scope", "col")
                .element("th", say(Words.MEANING), "scope", "col")
                .element("th", say(Words.FILLED), "scope", "col")
                .close()
                .close()
                .open("tbody");
        for (Column column : dataset.columns()) {
            html.open("tr")
                    .open("th", "scope", "row")
                    .element("code", column.name())
                    .close()
                    .element("td", say(column.meaning()))
                    .element("td", share(column))
                    .close();
        }
        html.close().close().close();
    }

    private void examples(Html html) {
        html.element("h2", say(Words.EXAMPLES))
                .element("p", say(Words.EXAMPLE_TABLE))
                .open("pre", "tabindex", "0")
                .element("code", "curl -sSO " + at.dataset(dataset) + ".csv")
                .close()
                .element("p", say(Words.EXAMPLE_QUERY))
                .open("pre", "tabindex", "0")
                .element("code", query())
                .close();
    }

    private String query() {
        String tenant = dataset.city().tenant().isDefault()
                ? ""
                : " -H 'NGSILD-Tenant: " + dataset.city().tenant().name() + "'";
        return "curl -sS '" + at.api() + "/entities?type="
                + encoded(dataset.kind().type()) + condition() + "&format=simplified&limit=10'"
                + tenant;
    }

    private String condition() {
        Group group = dataset.group();
        return group == null ? "" : "&q=" + encoded(group.attribute() + "==\"" + group.target() + '"');
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** How many of the entities have a value, rounded down, so that all means all. */
    private String share(Column column) {
        return dataset.entities() == 0 ? "–" : column.filled() * WHOLE / dataset.entities() + " %";
    }

    private String time(@Nullable Instant time) {
        return time == null
                ? "–"
                : DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                        .withLocale(language.locale())
                        .format(time.atZone(dataset.city().zone()));
    }

    private String say(Text text) {
        return frame.say(text);
    }
}
