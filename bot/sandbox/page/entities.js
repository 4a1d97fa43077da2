// Text with entities (core.telegram.org/bots/api#messageentity) as nodes. Offsets are UTF-16 units, as in JavaScript.

import { el } from "./dom.js";
import { follow, safeUrl } from "./links.js";
import { t } from "./words.js";
import { relative } from "./clock.js";

const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const FOLD_LINES = 3;
const FOLD_UNITS = 130;

/** Nodes of a text. `say(text)` sends a command that is tapped; `user` is who follows its links. */
export function formatted(text, entities, { say, user }) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return nodes(text, 0, text.length, sorted, { say, user });
}

function nodes(text, start, end, entities, context) {
  const made = [];
  let at = start;
  for (let i = 0; i < entities.length; ) {
    const entity = entities[i];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from > at) made.push(text.slice(at, from));
    const inside = [];
    let next = i + 1;
    while (next < entities.length && entities[next].offset < to) inside.push(entities[next++]);
    if (to > from) {
      made.push(dressed(entity, text.slice(from, to), nodes(text, from, to, inside, context), context));
      // A block ends its own line: the line break after it would show as an empty one.
      at = BLOCKS.has(entity.type) && to < end && text[to] === "\n" ? to + 1 : to;
    }
    i = next;
  }
  if (at < end) made.push(text.slice(at, end));
  return made.filter((node) => node !== "");
}

function dressed(entity, words, children, { say, user }) {
  if (entity.type in PLAIN) return el(PLAIN[entity.type], {}, children);
  switch (entity.type) {
    case "spoiler":
      return spoiler(children);
    case "expandable_blockquote":
      return folded(words, children);
    case "text_link":
      return link(entity.url, children, user);
    case "url":
      return link(/^[a-z]+:\/\//i.test(words) ? words : `http://${words}`, children, user);
    case "email":
      return link(`mailto:${words}`, children, user);
    case "phone_number":
      return link(`tel:${words}`, children, user);
    case "mention":
      return link(`https://t.me/${words.slice(1)}`, children, user);
    case "bot_command":
      return el("button", { type: "button", class: "inline-link", on: { click: () => say(words) } }, children);
    case "date_time":
      return el("time", { datetime: new Date(entity.unix_time * 1000).toISOString() }, entity.date_time_format === "r" ? relative(entity.unix_time) : children);
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return el("span", { class: "inline-tag" }, children);
    default:
      return el("span", {}, children);
  }
}

function link(url, children, user) {
  const href = safeUrl(url);
  if (!href) return el("span", {}, children);
  const open = (event) => {
    if (follow(href, user)) event.preventDefault();
  };
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", on: { click: open } }, children);
}

function spoiler(children) {
  const node = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("spoiler") }, el("span", { "aria-hidden": "true" }, children));
  const show = () => {
    node.replaceWith(el("span", { class: "spoiler-shown" }, children));
  };
  node.addEventListener("click", show);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      show();
    }
  });
  return node;
}

function folded(words, children) {
  const quote = el("blockquote", {}, children);
  if (words.split("\n").length <= FOLD_LINES && words.length <= FOLD_UNITS) return quote;
  quote.classList.add("folded");
  const more = el("button", { type: "button", class: "unfold", "aria-expanded": "false", text: t("more") });
  more.addEventListener("click", () => {
    const open = quote.classList.toggle("folded");
    more.textContent = t(open ? "more" : "less");
    more.setAttribute("aria-expanded", String(!open));
  });
  return el("div", { class: "quote" }, quote, more);
}
