// The words of the page, zh and en. Both catalogues are data with the same keys; a test compares them.

const LANGUAGES = ["zh", "en"];
let catalogue = {};
export let lang = "zh";

/** The language asked for in the address, chosen before, or set in the browser. */
function wanted() {
  const asked = new URLSearchParams(location.search).get("lang") ?? remembered("lang");
  if (LANGUAGES.includes(asked)) return asked;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** Load a language; without one, the one that suits whoever looks. */
export async function speak(next = wanted()) {
  const answer = await fetch(`/page/${next}.json`);
  catalogue = await answer.json();
  lang = next;
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
}

/** A sentence, its `{names}` filled in. An unknown key is shown as it is, so that it is noticed. */
export function t(key, params = {}) {
  return (catalogue[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole));
}

/** The words of an object {zh, en}. */
export function inLang(words) {
  return words?.[lang] ?? words?.en ?? "";
}

export function remembered(name) {
  try {
    return localStorage.getItem(`yicheng.${name}`);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`yicheng.${name}`, value);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
