// Entities in concise form: an attribute is a plain value, an object with its value and what is known of it, or a list of instances.

const first = (attribute) => (Array.isArray(attribute) && typeof attribute[0] === "object" ? attribute[0] : attribute);

/** The value, object or text of an attribute; of a LanguageProperty the one in the language. */
export function value(attribute, language) {
  const one = first(attribute);
  if (one === null || typeof one !== "object" || Array.isArray(one)) return one;
  const inner = one.value ?? one.object ?? one.vocab ?? one["@value"];
  if (inner !== undefined) return inner !== null && typeof inner === "object" && "@value" in inner ? inner["@value"] : inner;
  if (one.languageMap) return one.languageMap[language] ?? Object.values(one.languageMap)[0];
  return one.type === "Point" || one.coordinates ? one : undefined;
}

/** A finite number, or undefined: what is missing is not zero. */
export function count(attribute) {
  const number = value(attribute);
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A list, of an attribute with one or several values. */
export const list = (attribute) => [value(attribute) ?? []].flat();

/** An instant in milliseconds, or undefined. */
export function instant(text) {
  const at = Date.parse(text);
  return Number.isFinite(at) ? at : undefined;
}

/** When an attribute was observed. */
export const observed = (attribute) => instant(first(attribute)?.observedAt);

/** Latitude and longitude of a point, or undefined. */
export function position(attribute) {
  const place = value(attribute);
  if (place?.type !== "Point") return undefined;
  const [longitude, latitude] = place.coordinates;
  return Number.isFinite(latitude) && Number.isFinite(longitude) ? [latitude, longitude] : undefined;
}
