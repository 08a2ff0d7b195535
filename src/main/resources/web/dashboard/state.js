// What is shown is in the address, so that it can be shared, kept and gone back to.

const DEFAULTS = { lang: "", city: "", view: "", place: "", need: "", day: "0", period: "week", compare: "", heat: "", wall: "", theme: "" };

/** The address as an object; unknown parameters are left alone. */
export function read(search = location.search) {
  const given = new URLSearchParams(search);
  return Object.fromEntries(Object.entries(DEFAULTS).map(([name, usual]) => [name, given.get(name) ?? usual]));
}

/** The address of a state that differs from the present one. */
export function href(changes, path = location.pathname) {
  const search = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === null || value === DEFAULTS[name]) search.delete(name);
    else search.set(name, value);
  }
  const query = search.toString();
  return path + (query ? "?" + query : "");
}

const listeners = new Set();

/** Is told of each change of the address. */
export const onChange = (listener) => listeners.add(listener);

/** Changes the address; `replace` leaves no trace in the history. */
export function go(changes, replace = false) {
  const target = href(changes);
  if (target === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", target);
  for (const listener of listeners) listener(read(), changes);
}

/** A link that stays on this page changes the address only. */
export function follow(event) {
  const link = event.target.closest?.("a[data-state]");
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (link.href === location.href) return;
  history.pushState(null, "", link.href);
  for (const listener of listeners) listener(read(), { view: true });
}

addEventListener("popstate", () => {
  for (const listener of listeners) listener(read(), { view: true });
});
