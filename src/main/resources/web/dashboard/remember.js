// Answers that were asked for lately are not asked for again.

const FRESH = 60_000;
const MOST_KEPT = 60;
const answers = new Map();

/** The answer known by this key, or a new one. What failed is forgotten. */
export function remembered(key, ask) {
  const known = answers.get(key);
  if (known && Date.now() - known.at < FRESH) return known.answer;
  const answer = ask();
  answers.delete(key);
  answers.set(key, { at: Date.now(), answer });
  answer.catch(() => answers.delete(key));
  if (answers.size > MOST_KEPT) answers.delete(answers.keys().next().value);
  return answer;
}
