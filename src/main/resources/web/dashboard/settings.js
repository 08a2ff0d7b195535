// What this installation shows, with a city object for each of its cities.

import * as api from "./api.js";
import { City } from "./city.js";

/** A short name for the address. */
function keyOf(name, place, taken) {
  const plain = name.toLowerCase().replaceAll("ä", "ae").replaceAll("ö", "oe").replaceAll("ü", "ue").replaceAll("ß", "ss").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return plain && !taken.has(plain) ? plain : `city-${place + 1}`;
}

/** Settings and cities, each city with a key of its own. */
export async function installation() {
  const settings = await api.settings();
  const taken = new Set();
  const cities = settings.cities.map((city, place) => {
    const key = keyOf(city.name, place, taken);
    taken.add(key);
    return new City(city, key);
  });
  return { settings, cities };
}
