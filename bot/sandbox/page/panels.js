// What opens above the page: menus, alerts, pictures, a choice of chats, and short notes at the edge.

import { avatar, el, iconButton } from "./dom.js";
import { title, world } from "./world.js";
import { t } from "./words.js";

const TOAST_SECONDS = 3.5;
let count = 0;

/** A button with its menu, as one node. `fill(close)` returns the contents each time it opens. */
export function menu(button, label, fill) {
  const panel = el("div", { class: "menu", id: `menu-${(count += 1)}`, popover: "auto", role: "dialog", "aria-label": label });
  const close = () => panel.hidePopover();
  button.setAttribute("popovertarget", panel.id);
  button.setAttribute("aria-haspopup", "dialog");
  panel.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") panel.replaceChildren(...fill(close));
  });
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    place(panel, button);
    panel.querySelector("button, input")?.focus();
  });
  panel.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.matches("input")) return;
    const items = [...panel.querySelectorAll("button, input")];
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
    event.preventDefault();
  });
  return el("span", { class: "anchor" }, button, panel);
}

function place(panel, button) {
  const anchor = button.getBoundingClientRect();
  const left = Math.max(8, Math.min(anchor.left, innerWidth - panel.offsetWidth - 8));
  const below = anchor.bottom + 6 + panel.offsetHeight < innerHeight;
  panel.style.setProperty("left", `${left}px`);
  panel.style.setProperty("top", below ? `${anchor.bottom + 6}px` : `${Math.max(8, anchor.top - panel.offsetHeight - 6)}px`);
}

/** One switch of a menu. */
export function toggle(words, on, flip) {
  const node = el("button", { type: "button", class: "item switch", role: "switch", "aria-checked": String(on) }, el("span", { text: words }), el("span", { class: "knob", "aria-hidden": "true" }));
  node.addEventListener("click", () => {
    const next = node.getAttribute("aria-checked") !== "true";
    node.setAttribute("aria-checked", String(next));
    flip(next);
  });
  return node;
}

/** A short note, which goes away by itself. */
export function toast(words, within = document.body) {
  const shelf = within.querySelector(":scope > .toasts") ?? within.appendChild(el("div", { class: "toasts", role: "status" }));
  const note = el("div", { class: "toast", text: words });
  shelf.replaceChildren(note);
  setTimeout(() => note.remove(), TOAST_SECONDS * 1000);
}

function dialog(className, label, fill) {
  const box = el("dialog", { class: className, "aria-label": label });
  const close = () => box.close();
  box.append(...fill(close));
  box.addEventListener("click", (event) => event.target === box && close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

/** The answer to a button that wants to be read. */
export function alertBox(words) {
  dialog("alert", t("alert"), (close) => [el("p", { text: words }), el("button", { type: "button", class: "solid-button", autofocus: true, text: t("ok"), on: { click: close } })]);
}

export function pictureBox(source, words) {
  dialog("lightbox", words || t("picture"), (close) => [
    iconButton("close", t("close"), close),
    el("img", { src: source, alt: words || t("picture") }),
    words && el("p", { text: words }),
  ].filter(Boolean));
}

/** Let somebody choose one of the chats. */
export function chooseChat(words, chats, chosen) {
  dialog("chooser", words, (close) => [
    el("h2", { text: words }),
    ...chats.map((chat) =>
      el(
        "button",
        { type: "button", class: "item", on: { click: () => { close(); chosen(chat); } } },
        avatar(title(chat), chat.id),
        el("span", { text: title(chat) }),
      ),
    ),
  ]);
}

/** The chats that a person can write in. */
export const chatsOf = (user) => [...world.chats.values()].filter((chat) => chat.id === user || chat.members.includes(user));
