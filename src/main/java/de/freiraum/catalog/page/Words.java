package de.freiraum.catalog.page;

import de.freiraum.catalog.Text;

/** What the pages say. */
final class Words {
    static final Text SKIP = new Text("Zum Inhalt", "Skip to content");
    static final Text DASHBOARD = new Text("Dashboard", "Dashboard");
    static final Text API = new Text("Schnittstelle", "Interface");
    static final Text CATALOGUE = new Text("Datenkatalog", "Data catalogue");
    static final Text OTHER_LANGUAGE = new Text("English", "Deutsch");
    static final Text FOR_PORTALS = new Text("Für Portale (DCAT-AP):", "For portals (DCAT-AP):");
    static final Text SIMULATED = new Text(
            "Vorführung: Alle Orte und Werte sind erfunden.", "Demonstration: all places and values are invented.");
    static final Text DATASETS = new Text("Datensätze", "Datasets");
    static final Text NO_DATASETS = new Text("Noch ist nichts veröffentlicht.", "Nothing has been published yet.");
    static final Text NOW = new Text("Aktueller Stand", "Current state");
    static final Text PAST = new Text("Vergangenheit nach Monaten", "The past, by month");
    static final Text DAYS = new Text(
            "Einen einzelnen Tag gibt es unter der Adresse des Monats mit dem Tag dahinter, etwa ",
            "A single day is at the address of the month followed by the day, such as ");
    static final Text LICENCE = new Text("Lizenz", "Licence");
    static final Text ATTRIBUTION = new Text("Quellenvermerk", "Attribution");
    static final Text PUBLISHER = new Text("Herausgeber", "Publisher");
    static final Text CONTACT = new Text("Kontakt", "Contact");
    static final Text PLACE = new Text("Ort", "Place");
    static final Text ENTRIES = new Text("Einträge", "Entries");
    static final Text SINCE = new Text("Messwerte seit", "Observed since");
    static final Text LAST = new Text("Letzter Messwert", "Last observed");
    static final Text MODIFIED = new Text("Zuletzt geändert", "Last changed");
    static final Text QUALITY = new Text("Qualität", "Quality");
    static final Text REPORTING =
            new Text("Sensoren mit Werten aus den letzten 26 Stunden", "Sensors with values of the last 26 hours");
    static final Text ALL_REPORT = new Text("Alle melden.", "All of them report.");
    static final Text SILENT = new Text(
            " ohne aktuellen Wert; ihr Zustand gilt nicht als bekannt.",
            " without a recent value; their state does not count as known.");
    static final Text COMPLETENESS = new Text("Vollständigkeit", "Completeness");
    static final Text COMPLETE = new Text("Jede Spalte ist überall gefüllt.", "Every column is filled everywhere.");
    static final Text GAPS = new Text("Nicht überall gefüllt: ", "Not filled everywhere: ");
    static final Text DAYS_OF_SENSORS =
            new Text("Sensoren mit Werten an den letzten 30 Tagen", "Sensors with values on each of the last 30 days");
    static final Text DAY = new Text("Tag", "Day");
    static final Text SENSORS = new Text("Sensoren mit Werten", "Sensors with values");
    static final Text KNOWN_GAPS = new Text("Bekannte Lücken", "Known gaps");
    static final Text NO_GAPS = new Text("Keine; betrachtete Tage: ", "None; days looked at: ");
    static final Text WITHOUT_VALUES = new Text("Tage ohne einen Wert: ", "Days without any value: ");
    static final Text PLACES = new Text("Einzelne Orte", "Single places");
    static final Text WHOLE = new Text("Teil von ", "Part of ");
    static final Text COLUMNS = new Text("Spalten", "Columns");
    static final Text COLUMN = new Text("Spalte", "Column");
    static final Text MEANING = new Text("Bedeutung", "Meaning");
    static final Text FILLED = new Text("Gefüllt", "Filled");
    static final Text PREVIEW = new Text("Vorschau", "Preview");
    static final Text PREVIEW_OF = new Text("Die ersten Zeilen der Tabelle", "The first rows of the table");
    static final Text EXAMPLES = new Text("Beispiele", "Examples");
    static final Text EXAMPLE_TABLE = new Text("Als Tabelle laden:", "Load it as a table:");
    static final Text EXAMPLE_QUERY =
            new Text("Über die NGSI-LD-Schnittstelle abfragen:", "Query it by the NGSI-LD interface:");
    static final Text OF = new Text(" von ", " of ");

    private Words() {}
}
