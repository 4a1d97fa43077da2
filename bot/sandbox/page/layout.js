// Which chats are on the screen: side by side where there is room, one at a time with tabs on a phone.

import { avatar, aside, el, icon, iconButton } from "./dom.js";
import { clockNode } from "./clock.js";
import { openPane } from "./pane.js";
import { chatsOf, chooseChat, menu, toast, toggle } from "./panels.js";
import { act, emit, isPrivate, on, title, unread, world } from "./world.js";
import { lang, remember, remembered, speak, t, inLang } from "./words.js";
import { follow, safeUrl } from "./links.js";

const narrow = matchMedia("(max-width: 759px)");
const SLOW_SECONDS = 2;
const PANE_WIDTH = 400;
const bar = document.getElementById("bar");
const rail = document.getElementById("rail");
const shelf = document.getElementById("panes");
const panes = new Map();
let current = null;

/** Every chat: people in the order in which they came, then groups. */
function all() {
  const chats = [...world.chats.values()];
  return [...[...world.users.keys()].map((id) => world.chats.get(id)).filter(Boolean), ...chats.filter((chat) => !isPrivate(chat))];
}

/** Draw everything anew: at the beginning, in another language, after a break. */
export function layout() {
  const open = panes.size ? [...panes.keys()] : firstPanes();
  for (const pane of panes.values()) pane.destroy();
  panes.clear();
  drawBar();
  for (const id of open) if (world.chats.has(id)) addPane(id);
  if (!panes.size && all().length) addPane(all()[0].id);
  drawRail();
  showCurrent();
}

/** What the address asks for (/?chats=ID,ID), what was open last time, or what fits. */
function firstPanes() {
  const wanted = new URLSearchParams(location.search).get("chats") ?? remembered("panes") ?? "";
  const kept = wanted.split(",").map(Number).filter((id) => world.chats.has(id));
  if (kept.length) return kept;
  const fit = narrow.matches ? 1 : Math.max(1, Math.min(2, Math.floor((innerWidth - 84) / PANE_WIDTH)));
  return all().slice(0, fit).map((chat) => chat.id);
}

function addPane(id) {
  if (!panes.has(id)) {
    const pane = openPane(id, { closable: true, close: () => closePane(id), openChat });
    panes.set(id, pane);
    shelf.append(pane.node);
  }
  current = id;
  keepPanes();
  return panes.get(id);
}

function closePane(id) {
  panes.get(id)?.destroy();
  panes.delete(id);
  if (current === id) current = [...panes.keys()].at(-1) ?? null;
  keepPanes();
  drawRail();
  showCurrent();
  rail.querySelector(`[data-chat="${id}"]`)?.focus();
}

const keepPanes = () => remember("panes", [...panes.keys()].join(","));

/** Bring a chat onto the screen, and its pane back. */
function openChat(id) {
  const pane = addPane(id);
  drawRail();
  showCurrent();
  pane.node.scrollIntoView({ inline: "nearest", block: "nearest" });
  return pane;
}

function showCurrent() {
  shelf.dataset.count = String(panes.size);
  for (const [id, pane] of panes) pane.node.classList.toggle("current", id === current);
  shelf.querySelector(".no-panes")?.remove();
  if (!panes.size) shelf.append(el("p", { class: "no-panes", text: t("no_panes") }));
  for (const pane of panes.values()) pane.looked();
}

// The list of chats.

function drawRail() {
  const focused = document.activeElement?.dataset?.chat;
  rail.setAttribute("aria-label", t("chats"));
  rail.replaceChildren(...all().map(railButton));
  if (focused) rail.querySelector(`[data-chat="${focused}"]`)?.focus();
  markRail();
}

function railButton(chat) {
  const click = () => {
    if (!narrow.matches && panes.has(chat.id)) closePane(chat.id);
    else openChat(chat.id).focus();
  };
  return el(
    "button",
    { type: "button", class: "rail-item", "data-chat": chat.id, title: inLang(world.stage.roles?.[chat.id]) || null, on: { click } },
    el("span", { class: "rail-face" }, avatar(title(chat), chat.id), el("span", { class: "badge", hidden: true })),
    el("span", { class: "rail-name", text: isPrivate(chat) ? title(chat) : t("group") }),
    aside(""),
  );
}

function markRail() {
  let total = 0;
  for (const button of rail.children) {
    const chat = world.chats.get(Number(button.dataset.chat));
    if (!chat) continue;
    const count = unread(chat);
    total += count;
    const badge = button.querySelector(".badge");
    badge.hidden = !count;
    badge.textContent = count > 99 ? "99+" : count;
    button.lastChild.textContent = count ? t("unread", { count }) : "";
    if (narrow.matches) {
      button.removeAttribute("aria-pressed");
      button.setAttribute("aria-current", String(chat.id === current));
    } else {
      button.removeAttribute("aria-current");
      button.setAttribute("aria-pressed", String(panes.has(chat.id)));
    }
  }
  document.title = `${total ? `(${total}) ` : ""}${world.stage.title ? `${world.stage.title} · ` : ""}${t("name")}`;
}

// The top bar.

function drawBar() {
  const brand = el("div", { class: "brand" }, el("img", { src: "/page/icon.svg", alt: "", width: 30, height: 30 }), el("h1", {}, el("b", { text: world.stage.title || t("name") }), el("small", { text: t("sandbox") })));
  const weather = iconButton("network", t("faults"), () => {}, { class: "round weather" });
  const language = el("button", { type: "button", class: "language", lang: lang === "zh" ? "en" : "zh-CN", text: lang === "zh" ? "EN" : "中文", "aria-label": lang === "zh" ? "English" : "中文", on: { click: changeLanguage } });
  bar.replaceChildren(brand, clockNode(), el("div", { class: "tools" }, menu(weather, t("faults"), faults), language));
  drawWeather();
}

function faults() {
  const { down, seconds } = world.network;
  const change = (next) => act("network", { down: world.network.down, seconds: world.network.seconds, ...next }).catch((error) => emit("trouble", error));
  return [
    el("p", { class: "menu-words", text: t("faults_about") }),
    toggle(t("slow", { seconds: SLOW_SECONDS }), seconds > 0, (yes) => change({ seconds: yes ? SLOW_SECONDS : 0 })),
    toggle(t("down"), down, (yes) => change({ down: yes })),
    ...all().filter(isPrivate).map((chat) => toggle(t("has_blocked", { name: title(chat) }), chat.blocked, (yes) => act(yes ? "block" : "unblock", { user: chat.id }).catch((error) => emit("trouble", error)))),
  ];
}

function drawWeather() {
  const { down, seconds } = world.network;
  bar.querySelector(".weather")?.classList.toggle("bad", down || seconds > 0);
  const words = down ? t("is_down") : seconds > 0 ? t("is_slow", { seconds }) : "";
  strip(words, down ? "down" : "slow");
}

function strip(words, kind) {
  const note = document.getElementById("offline");
  note.textContent = words;
  note.dataset.kind = kind;
  note.hidden = !words;
}

async function changeLanguage() {
  await speak(lang === "zh" ? "en" : "zh");
  remember("lang", lang);
  layout();
  bar.querySelector(".language").focus();
}

function follower({ href, user }) {
  const url = safeUrl(/^[a-z]+:/i.test(href) ? href : `http://${href}`);
  if (url && !follow(url, user)) open(url, "_blank", "noopener,noreferrer");
}

/** Begin to react to what happens. */
export function watch() {
  on("message", markRail);
  on("seen", markRail);
  on("gone", markRail);
  on("chat", () => (rail.childElementCount === world.chats.size ? markRail() : drawRail()));
  on("user", drawRail);
  on("network", drawWeather);
  on("lost", (lost) => (lost ? strip(t("lost"), "down") : drawWeather()));
  on("trouble", (error) => toast(t("failed", { reason: error.message })));
  on("open", follower);
  on("elsewhere", ({ href }) => toast(t("elsewhere", { href })));
  on("bot-link", ({ user, payload }) => {
    const pane = openChat(user);
    if (payload) pane.offer(payload);
    else pane.focus();
  });
  on("share", ({ text, user }) => chooseChat(t("choose_chat"), chatsOf(user), (chat) => openChat(chat.id).write(text)));
  narrow.addEventListener("change", () => {
    markRail();
    showCurrent();
  });
  shelf.addEventListener("focusin", (event) => {
    const pane = event.target.closest(".pane");
    if (pane) current = Number(pane.dataset.chat);
  });
}

/** A link to the page itself may ask for a start: /?start=PAYLOAD&user=ID. */
export function arrive() {
  const asked = new URLSearchParams(location.search);
  if (!asked.has("start")) return;
  const user = Number(asked.get("user")) || all()[0]?.id;
  history.replaceState(null, "", location.pathname);
  if (world.chats.has(user)) emit("bot-link", { user, payload: asked.get("start") });
}
