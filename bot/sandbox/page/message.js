// One message: bubble, files, buttons.

import { aside, el, icon, tint } from "./dom.js";
import { formatted } from "./entities.js";
import { timeOf } from "./clock.js";
import { name, world } from "./world.js";
import { lang, t } from "./words.js";

const UNITS = ["B", "KB", "MB"];

/** The node of a message as `me` sees it in `chat`. `pane` acts: say, press, reply, openPicture. */
export function messageNode(message, chat, me, pane) {
  const service = serviceWords(message, pane);
  if (service) return el("div", { class: "service", "data-id": message.message_id }, el("span", { text: service }));
  const out = message.from?.id === me;
  const text = message.text ?? message.caption ?? "";
  const content = formatted(text, message.entities ?? message.caption_entities ?? [], { say: pane.say, user: me });
  const sender = chat.type !== "private" && !out;
  const bubble = el(
    "div",
    { class: "bubble" },
    sender && el("div", { class: `sender ${tint("ink", message.from?.id ?? 0)}`, text: senderName(message, pane) }),
    !sender && aside(out ? t("by_me") : t("by", { name: senderName(message, pane) })),
    message.via_bot && el("div", { class: "via", text: t("via", { name: message.via_bot.username }) }),
    message.reply_to_message && quoted(message.reply_to_message, pane),
    attachment(message, pane),
    text && el("div", { class: "text", dir: "auto" }, content),
    meta(message, chat),
  );
  const node = el(
    "article",
    { class: `message ${out ? "out" : "in"}`, "data-id": message.message_id, "data-from": message.from?.id ?? "" },
    bubble,
    keyboard(message, pane),
  );
  if (chat.type !== "private") {
    const reply = el("button", { type: "button", class: "reply", "aria-label": t("reply"), title: t("reply"), on: { click: () => pane.reply(message) } }, icon("reply"));
    bubble.append(reply);
  }
  return node;
}

/** Who wrote it; the bot by the name it has given itself. */
function senderName(message, pane) {
  if (!message.from) return message.sender_chat?.title ?? "";
  return message.from.id === world.bot.id ? pane.botName() : name(message.from);
}

function serviceWords(message, pane) {
  if (message.new_chat_members) return t("joined", { who: senderName(message, pane), whom: message.new_chat_members.map(name).join(", ") });
  if (message.pinned_message) return t("pinned_by", { who: senderName(message, pane), what: excerpt(message.pinned_message) });
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return t("upgraded");
  return "";
}

/** The beginning of a message in one line. */
export function excerpt(message, length = 60) {
  if (!message) return "";
  const words = message.text ?? message.caption ?? message.document?.file_name ?? message.venue?.title ?? "";
  const line = (words || (message.photo ? t("picture") : "")).replace(/\s+/g, " ").trim();
  return [...line].length > length ? `${[...line].slice(0, length).join("")}…` : line;
}

function quoted(message, pane) {
  return el(
    "button",
    { type: "button", class: "quoted", on: { click: () => pane.show(message.message_id) } },
    el("b", { text: senderName(message, pane) }),
    el("span", { text: excerpt(message) }),
  );
}

function meta(message, chat) {
  const silent = chat.silent.has(message.message_id);
  return el(
    "span",
    { class: "meta" },
    message.edit_date && el("span", { class: "edited", text: t("edited") }),
    silent && el("span", { class: "silent", title: t("silent") }, icon("mute"), aside(t("silent"))),
    el("time", { datetime: new Date(message.date * 1000).toISOString(), text: timeOf(message.date) }),
  );
}

function attachment(message, pane) {
  if (message.photo) {
    const picture = message.photo.at(-1);
    const label = t("picture_open", { what: message.caption ?? t("picture") });
    return el(
      "button",
      { type: "button", class: "picture", "aria-label": label, on: { click: () => pane.openPicture(`/sandbox/files/${picture.file_id}`, message.caption ?? "") } },
      el("img", { src: `/sandbox/files/${picture.file_id}`, width: picture.width, height: picture.height, alt: "", loading: "lazy" }),
    );
  }
  if (message.document) {
    const file = message.document;
    return el(
      "a",
      { class: "document", href: `/sandbox/files/${file.file_id}`, download: file.file_name },
      el("span", { class: "file-icon" }, icon("file")),
      el("span", { class: "file-words" }, el("b", { text: file.file_name }), el("small", { text: size(file.file_size) })),
    );
  }
  if (message.venue) {
    return el(
      "div",
      { class: "document" },
      el("span", { class: "file-icon" }, icon("place")),
      el("span", { class: "file-words" }, el("b", { text: message.venue.title }), el("small", { text: message.venue.address })),
    );
  }
  return null;
}

function size(bytes) {
  let unit = 0;
  let amount = bytes;
  while (amount >= 1024 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${new Intl.NumberFormat(lang, { maximumFractionDigits: unit ? 1 : 0 }).format(amount)} ${UNITS[unit]}`;
}

function keyboard(message, pane) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return el(
    "div",
    { class: "keyboard", role: "group", "aria-label": t("buttons") },
    rows.map((row) => el("div", { class: "row" }, row.map((button) => key(button, message, pane)))),
  );
}

function key(button, message, pane) {
  const mark = button.url ? "open" : button.copy_text ? "copy" : null;
  return el(
    "button",
    { type: "button", class: `key ${button.style ?? ""}`, title: button.text, on: { click: (event) => pane.press(button, message, event.currentTarget) } },
    el("span", { class: "key-words", text: button.text }),
    mark && icon(mark),
  );
}
