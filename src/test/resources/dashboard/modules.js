// Checks of the modules that need no page. Runs in the browser; gives the names of what failed, with the reason.

const time = await import("/dashboard/time.js");
const profile = await import("/dashboard/profile.js");
const history = await import("/dashboard/history.js");
const occupancy = await import("/dashboard/occupancy.js");
const entity = await import("/dashboard/entity.js");
const csv = await import("/dashboard/csv.js");
const city = await import("/dashboard/city.js");
const region = await import("/dashboard/view-region.js");
const de = (await import("/dashboard/texts-de.js")).default;
const en = (await import("/dashboard/texts-en.js")).default;

const HOUR = 3_600_000;
const ZONE = "Europe/Berlin";
const failures = [];

function check(name, actual, expected) {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted) failures.push(`${name}: ${found} instead of ${wanted}`);
}

// Days on which clocks change have 23 and 25 hours.
const day = (text) => time.startOfDay(Date.parse(text), ZONE);
check("begin of a summer day", new Date(day("2026-07-01T12:00:00Z")).toISOString(), "2026-06-30T22:00:00.000Z");
check("begin of a winter day", new Date(day("2026-12-01T12:00:00Z")).toISOString(), "2026-11-30T23:00:00.000Z");
check("hours of the day to summer time", (time.startOfDay(day("2026-03-29T12:00:00Z"), ZONE, 1) - day("2026-03-29T12:00:00Z")) / HOUR, 23);
check("hours of the day to winter time", (time.startOfDay(day("2026-10-25T12:00:00Z"), ZONE, 1) - day("2026-10-25T12:00:00Z")) / HOUR, 25);
check("days over a change", time.days(Date.parse("2026-10-24T12:00:00Z"), Date.parse("2026-10-27T12:00:00Z"), ZONE).length, 4);
check("Monday is 0", time.local(Date.parse("2026-11-23T12:00:00Z"), ZONE).weekday, 0);
check("Sunday is 6", time.local(Date.parse("2026-11-29T12:00:00Z"), ZONE).weekday, 6);
check("a minute after the change to winter time", new Date(profile.instantOf(day("2026-10-25T12:00:00Z"), 12 * 60, ZONE)).toISOString(), "2026-10-25T11:00:00.000Z");
check("a minute after the change to summer time", new Date(profile.instantOf(day("2026-03-29T12:00:00Z"), 12 * 60, ZONE)).toISOString(), "2026-03-29T10:00:00.000Z");

// What is missing is not zero.
const window = (from, total, coverage = 1) => ({ from: Date.parse(from), to: Date.parse(from) + HOUR, total, towards: total, away: 0, coverage });
check("an hour that one counter lacks is no sum", history.summed([[window("2026-11-02T10:00:00Z", 5), window("2026-11-02T11:00:00Z", 6)], [window("2026-11-02T10:00:00Z", 7)]]).map((one) => one.total), [12]);
check("a number that one counter lacks is no sum", history.summed([[window("2026-11-02T10:00:00Z", 5), window("2026-11-02T11:00:00Z", 6)], [window("2026-11-02T10:00:00Z", undefined), window("2026-11-02T11:00:00Z", 1)]]).map((one) => one.total), [null, 7]);
check("a counter without any hours is no part of a sum", history.summed([[window("2026-11-02T10:00:00Z", 5)], []]).map((one) => one.total), [5]);
check("no counters have no sum", history.summed([]), []);
check("an hour half counted is not complete", history.complete(window("2026-11-02T10:00:00Z", 5, 0.5)), false);
check("an hour to come is not complete", history.complete({ ...window("2026-11-02T10:00:00Z", 5), to: Date.now() + HOUR }), false);
check("zero people are complete", history.complete(window("2026-11-02T10:00:00Z", 0)), true);
check("a number that is not there", entity.count(undefined), undefined);
check("a number that is a text", entity.count("5"), undefined);
check("a number in concise form", entity.count({ value: 5, observedAt: "2026-11-02T10:00:00Z" }), 5);
check("a plain number", entity.count(0), 0);
check("a text by language", entity.value({ languageMap: { de: "Markt", en: "Market" } }, "en"), "Market");
check("a point", entity.position({ type: "Point", coordinates: [7.5, 51.5] }), [51.5, 7.5]);
check("an area has no point", entity.position({ type: "Polygon", coordinates: [] }), undefined);

// What is usual.
check("the middle of four", profile.median([4, 1, 3, 2]), 2.5);
check("the middle of none", profile.median([]), undefined);
const mondays = [window("2026-11-02T10:00:00Z", 10), window("2026-11-09T10:00:00Z", 30), window("2026-11-16T10:00:00Z", 20), window("2026-11-16T11:00:00Z", 99, 0.2)];
const week = profile.week(mondays, ZONE);
check("the median of an hour of the week", week[0][11], 20);
check("hours not counted through are left out", week[0][12], undefined);
check("hours without readings", week[3][11], undefined);
check("usual at a Monday", profile.usualAt(mondays, Date.parse("2026-11-23T10:30:00Z"), ZONE), 20);
check("usual at a Tuesday", profile.usualAt(mondays, Date.parse("2026-11-24T10:30:00Z"), ZONE), undefined);
const told = profile.weekOf({ monday: { h11: 40, h12: 0 }, sunday: { h23: "7" } });
check("a usual week of the interface", [told[0][11], told[0][12], told[0][13], told[6][23]], [40, 0, null, null]);
check("no usual week", profile.weekOf(undefined).flat().filter((one) => one !== undefined), []);
const off = profile.deviations(mondays, told, ZONE, Date.parse("2026-11-18T12:00:00Z"));
check("half of what is usual", off[0][11], -0.5);
check("an hour not counted through deviates from nothing", off[0][12], undefined);
check("an hour of long ago deviates from nothing", profile.deviations(mondays, told, ZONE, Date.parse("2026-11-30T12:00:00Z"))[0][11], undefined);
check("nobody usual, no deviation", profile.deviations([window("2026-11-16T11:00:00Z", 5)], told, ZONE, Date.parse("2026-11-18T12:00:00Z"))[0][12], undefined);
const samples = [{ from: Date.parse("2026-11-02T10:00:00Z"), value: 0.5 }, { from: Date.parse("2026-11-09T10:15:00Z"), value: 0.7 }, { from: Date.parse("2026-11-10T10:15:00Z"), value: 0.1 }];
const typical = profile.typicalDay(samples, 0, ZONE, Date.parse("2026-11-23T00:00:00Z"));
check("days of a usual course", typical.days, 2);
check("a step of a usual course", typical.course.map(({ minute, low, middle, high }) => [minute, low, Math.round(middle * 100), high]), [[660, 0.5, 60, 0.7]]);
check("without readings no course", profile.typicalDay([], 0, ZONE, Date.now()).course, []);
const found = profile.records(mondays, history.daily(mondays, ZONE));
check("the strongest hour", found.hour.total, 30);
check("without days no records", [profile.records([], []).hour, profile.records([], []).mean], [null, null]);

// Several places together.
check("places by their spaces", occupancy.joined(new Map([["a", [{ from: 0, to: 900_000, value: 1 }]], ["b", [{ from: 0, to: 900_000, value: 0 }]]]), [{ id: "a", total: 30 }, { id: "b", total: 10 }]).map((one) => one.value), [0.75]);
check("mostly unknown is unknown", occupancy.joined(new Map([["a", [{ from: 0, to: 900_000, value: 1 }]]]), [{ id: "a", total: 10 }, { id: "b", total: 30 }]), []);
check("places without numbers are left out", city.together([{ free: 3, total: 5, unknown: 0, closed: 0, occupied: 2, known: true, observed: 1 }, { free: undefined, total: 9, observed: 0 }]).total, 5);
check("only unknown spaces are not known", city.counted([{ state: "unknown" }, { state: "closed" }]).known, false);
check("index of a counter", Math.round(region.indexOf([[window("2026-11-02T10:00:00Z", 10), window("2026-11-02T11:00:00Z", 30)]], Date.parse("2026-11-02T11:00:00Z"))), 150);
check("no index without an hour", region.indexOf([[window("2026-11-02T10:00:00Z", 10)]], Date.parse("2026-11-02T11:00:00Z")), undefined);

// Files.
check("cells of a file", csv.csv(["a", "b"], [['x "y", z', 1.5], [undefined, null], ["=1+1", "@x"], [-3, "-3"]]), 'a,b\r\n"x ""y"", z",1.5\r\n,\r\n\'=1+1,\'@x\r\n-3,\'-3\r\n');

// Both languages say the same things.
check("texts that are missing in English", Object.keys(de).filter((key) => !(key in en)), []);
check("texts that are missing in German", Object.keys(en).filter((key) => !(key in de)), []);
const values = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();
check("texts with other values", Object.keys(de).filter((key) => values(de[key]) !== values(en[key] ?? "")), []);

return failures;
