// What the page says: the Indonesian text is the key; another language comes as a table.

let texts = {};
let codes = {};

export async function loadWords() {
  const answer = await fetch(`/day/words/${document.documentElement.lang}.json`);
  ({ texts, codes } = await answer.json());
}

// t("%(n)s belum terkirim", { n: 3 })
export function t(text, facts = {}) {
  const said = texts[text] ?? text;
  return said.replace(/%\((\w+)\)s/g, (_, name) => String(facts[name] ?? "–"));
}

// The word for a code: word("Finding", "anaemia")
export function word(kind, code) {
  return codes[kind]?.[code] ?? code;
}

export function hour(at) {
  return new Date(at).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });
}
