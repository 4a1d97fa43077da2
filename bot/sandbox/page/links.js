// Links: those of Telegram stay in the page, those of the web open beside it, all others lead nowhere.

import { emit, world } from "./world.js";

const KNOWN = new Set(["http:", "https:", "tg:", "mailto:", "tel:"]);

/** The address if it is of a kind that may be opened, or null. */
export function safeUrl(url) {
  try {
    const parsed = new URL(url);
    return KNOWN.has(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** Follow a link of Telegram inside the page, as `user`. False when it is none, so that the browser follows it. */
export function follow(href, user) {
  const asked = telegram(new URL(href));
  if (!asked) return false;
  if (asked.share !== undefined) emit("share", { text: asked.share, user });
  else if (asked.bot.toLowerCase() === world.bot.username.toLowerCase()) emit("bot-link", { user, payload: asked.payload });
  else emit("elsewhere", { href, user });
  return true;
}

function telegram(url) {
  const query = url.searchParams;
  if (url.protocol === "tg:") {
    if (url.hostname === "resolve") return { bot: query.get("domain") ?? "", payload: query.get("start") };
    return { bot: "" };
  }
  if (!["t.me", "telegram.me", "telegram.dog"].includes(url.hostname)) return null;
  const path = url.pathname.slice(1);
  if (path === "share/url" || path === "share") return { share: [query.get("text"), query.get("url")].filter(Boolean).join("\n") };
  return { bot: path.split("/")[0], payload: query.get("start") };
}

/** The bot's own address, to pass on. */
export const shareLink = () => `https://t.me/${world.bot.username}`;
