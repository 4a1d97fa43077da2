// One chat on the screen: who it is, what is pinned, what was said, and where to write.

import { avatar, botAvatar, el, icon, iconButton } from "./dom.js";
import { dayOf } from "./clock.js";
import { composer } from "./composer.js";
import { shareLink } from "./links.js";
import { excerpt, messageNode } from "./message.js";
import { alertBox, chatsOf, chooseChat, menu, pictureBox, toast, toggle } from "./panels.js";
import { act, answered, emit, isPrivate, name, on, see, title, unread, world } from "./world.js";
import { inLang, t } from "./words.js";

const NEAR = 90;
const TYPING_SECONDS = 5;
const BUTTON_SECONDS = 60;

/** A pane for a chat. Returns { node, chatId, focus(), insert(text), offer(payload), destroy() }. */
export function openPane(chatId, { closable, close, openChat }) {
  const chat = () => world.chats.get(chatId);
  const members = () => chat().members.map((id) => world.users.get(id)).filter(Boolean);
  const offs = [];
  let starting = false;
  let speaker = isPrivate(chat()) ? chatId : members()[0]?.id;
  let profile = { name: world.bot.first_name, description: "", commands: [] };
  let offered = null;
  let answering = null;
  let typingTimer = 0;
  let writing = null;

  const subtitle = el("p", { class: "pane-sub" });
  const heading = el("h2", { text: title(chat()) });
  const pinnedBar = el("div", { class: "pinned-bar", hidden: true });
  const log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": t("log", { name: title(chat()) }), tabindex: "0", lang: world.users.get(chatId)?.language_code });
  const newer = el("button", { type: "button", class: "newer", hidden: true, "aria-label": t("newest"), on: { click: () => toBottom(true) } }, icon("down"), el("span", { class: "badge" }));
  const foot = el("div", { class: "foot" });
  const head = el(
    "header",
    { class: "pane-head" },
    avatar(title(chat()), chatId),
    el("div", { class: "pane-title" }, heading, subtitle),
    menu(iconButton("more", t("chat_menu"), () => {}), t("chat_menu"), chatMenu),
    closable && iconButton("close", t("close_pane", { name: title(chat()) }), close, { class: "round close-pane" }),
  );
  const node = el("section", { class: "pane", "aria-label": title(chat()), "data-chat": chatId }, head, pinnedBar, el("div", { class: "wall" }, log, newer), foot);

  const actions = {
    say: (text) => say(text),
    press,
    reply(message) {
      answering = message;
      drawFoot();
      writing?.focus();
    },
    show: showMessage,
    openPicture: pictureBox,
    botName: () => profile.name,
  };

  function chatMenu(closeMenu) {
    const items = [
      el("button", { type: "button", class: "item", on: { click: () => share(closeMenu) } }, el("span", { text: t("share") }), icon("link")),
    ];
    if (isPrivate(chat())) items.push(toggle(t("block"), chat().blocked, (blocked) => attempt(blocked ? "block" : "unblock", { user: chatId })));
    return items;
  }

  async function share(closeMenu) {
    closeMenu();
    try {
      await navigator.clipboard.writeText(shareLink());
      toast(t("copied", { what: shareLink() }), node);
    } catch {
      alertBox(shareLink());
    }
  }

  async function attempt(verb, params) {
    try {
      return await act(verb, params);
    } catch (error) {
      toast(t("failed", { reason: error.message }), node);
      return null;
    }
  }

  async function say(text) {
    const reply = answering ? { reply_to: answering.message_id } : {};
    const sent = await attempt("say", { user: speaker, text, ...(isPrivate(chat()) ? {} : { chat: chatId }), ...reply });
    if (sent && answering) {
      answering = null;
      drawFoot();
      writing?.focus();
    }
    if (sent) toBottom(false);
    return Boolean(sent);
  }

  async function press(button, message, key) {
    if (button.callback_data) {
      key.classList.add("busy");
      key.setAttribute("aria-busy", "true");
      const where = isPrivate(chat()) ? {} : { chat: chatId };
      const queryId = await attempt("press", { user: speaker, message: message.message_id, button: button.callback_data, ...where });
      const answer = queryId && (await answered(queryId, BUTTON_SECONDS));
      key.classList.remove("busy");
      key.removeAttribute("aria-busy");
      if (answer?.text) (answer.show_alert ? alertBox : (words) => toast(words, node))(answer.text);
    } else if (button.url) emit("open", { href: button.url, user: speaker });
    else if (button.copy_text) {
      await navigator.clipboard.writeText(button.copy_text.text).catch(() => {});
      toast(t("copied", { what: button.copy_text.text }), node);
    } else if ("switch_inline_query_current_chat" in button) insert(button.switch_inline_query_current_chat);
    else if ("switch_inline_query" in button || "switch_inline_query_chosen_chat" in button) {
      const query = button.switch_inline_query ?? button.switch_inline_query_chosen_chat.query ?? "";
      chooseChat(t("choose_chat"), chatsOf(speaker), (found) => openChat(found.id).insert(query));
    } else toast(t("unsupported"), node);
  }

  function insert(query) {
    writing?.insert(`@${world.bot.username} ${query}`);
  }

  function showMessage(messageId) {
    const found = log.querySelector(`[data-id="${messageId}"]`);
    if (!found) return;
    found.scrollIntoView({ block: "center" });
    found.classList.remove("flash");
    requestAnimationFrame(() => found.classList.add("flash"));
  }

  // What was said.

  const nearBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;

  function toBottom(smooth) {
    log.scrollTo({ top: log.scrollHeight, behavior: smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "instant" });
    looked();
  }

  function looked() {
    const visible = node.isConnected && node.offsetParent !== null && document.visibilityState === "visible";
    const newest = log.lastElementChild;
    if (visible && newest && newest.offsetTop < log.scrollTop + log.clientHeight) see(chat());
    drawNewer();
  }

  function drawNewer() {
    const count = unread(chat());
    newer.hidden = nearBottom();
    newer.lastChild.textContent = count || "";
  }

  function draw(message) {
    return messageNode(message, chat(), speaker, actions);
  }

  function append(message) {
    const before = log.lastElementChild;
    const day = dayOf(message.date);
    if (log.dataset.day !== day) {
      log.dataset.day = day;
      log.append(el("div", { class: "day" }, el("span", { text: day })));
    }
    const made = draw(message);
    if (before?.dataset.from && before.dataset.from === made.dataset.from && before === log.lastElementChild) made.classList.add("follows");
    log.append(made);
  }

  function drawLog() {
    log.setAttribute("aria-busy", "true");
    log.replaceChildren();
    delete log.dataset.day;
    const messages = [...chat().messages.values()];
    if (!messages.length) log.append(welcome());
    messages.forEach(append);
    log.removeAttribute("aria-busy");
    toBottom(false);
  }

  function welcome() {
    if (!isPrivate(chat())) return el("div", { class: "welcome" }, el("p", { text: t("empty_group") }));
    return el(
      "div",
      { class: "welcome" },
      botAvatar(),
      el("h3", { text: profile.name }),
      el("p", { text: profile.description || t("empty_chat") }),
    );
  }

  function received({ chat: id, message }) {
    if (id !== chatId) return;
    const old = log.querySelector(`[data-id="${message.message_id}"]`);
    const stay = nearBottom();
    if (old) replace(old, message);
    else {
      log.querySelector(".welcome")?.remove();
      append(message);
      log.lastElementChild.classList.add("fresh");
      if (message.from?.id === world.bot.id) stopTyping();
    }
    const newest = log.lastElementChild;
    // What is taller than the screen is read from its beginning.
    if (stay && !old && newest.offsetHeight > log.clientHeight - 24) log.scrollTo({ top: newest.offsetTop - 12 });
    else if (stay || message.from?.id === speaker) toBottom(!old);
    else drawNewer();
    drawPins();
  }

  function replace(old, message) {
    const keys = [...old.querySelectorAll(".key")];
    const focused = keys.indexOf(document.activeElement);
    const made = draw(message);
    if (old.classList.contains("follows")) made.classList.add("follows");
    made.classList.add("changed");
    old.replaceWith(made);
    // Whoever moves through the buttons by keyboard stays where they are.
    if (focused >= 0) {
      const next = [...made.querySelectorAll(".key")];
      (next[Math.min(focused, next.length - 1)] ?? log).focus({ preventScroll: true });
    }
  }

  // The edges.

  function drawHead() {
    const person = world.users.get(chatId);
    const role = inLang(world.stage.roles?.[chatId]);
    const partner = t("with_bot", { bot: profile.name });
    subtitle.classList.remove("typing");
    subtitle.textContent = person ? [role, partner].filter(Boolean).join(" · ") : t("members", { count: members().length });
  }

  function drawPins() {
    const pinned = chat().messages.get(chat().pinned.at(-1));
    pinnedBar.hidden = !pinned;
    if (!pinned) return pinnedBar.replaceChildren();
    pinnedBar.replaceChildren(
      el("button", { type: "button", on: { click: () => showMessage(pinned.message_id) } }, icon("pin"), el("span", {}, el("b", { text: t("pinned") }), el("span", { text: excerpt(pinned, 90) }))),
    );
  }

  function drawFoot() {
    writing = null;
    const state = chat();
    if (isPrivate(state) && (!state.started || state.blocked || offered !== null)) {
      const words = state.blocked ? t("restart") : t("start");
      foot.replaceChildren(el("button", { type: "button", class: "start", on: { click: start } }, words));
      return;
    }
    writing = composer({
      me: () => speaker,
      commands: () => profile.commands,
      say,
      chosen: (queryId, resultId) => attempt("choose", { query_id: queryId, result_id: resultId, chat: chatId }).then(() => toBottom(false)),
      before: [answering && answerBar(), !isPrivate(state) && speakerBar()],
    });
    foot.replaceChildren(writing.node);
    if (starting) {
      starting = false;
      writing.focus();
    }
  }

  async function start() {
    const payload = offered ?? "";
    offered = null;
    // The news that the chat has begun may come before the answer or after it; whichever draws the composer focuses it.
    starting = true;
    await attempt("start", { user: chatId, payload });
    if (starting) drawFoot();
  }

  function answerBar() {
    const stop = () => {
      answering = null;
      drawFoot();
      writing?.focus();
    };
    return el("div", { class: "answering" }, icon("reply"), el("span", { text: excerpt(answering) }), iconButton("close", t("no_reply"), stop));
  }

  function speakerBar() {
    const people = members().map((user) => {
      const chosen = user.id === speaker;
      return el("button", { type: "button", class: "speaker", "aria-pressed": String(chosen), on: { click: () => speakAs(user.id) } }, avatar(name(user), user.id, "avatar small"), name(user));
    });
    return el("div", { class: "speakers", role: "group", "aria-label": t("speak_as") }, el("span", { class: "speakers-label", text: t("speak_as") }), people);
  }

  function speakAs(id) {
    speaker = id;
    drawLog();
    drawFoot();
    loadProfile();
    foot.querySelector('[aria-pressed="true"]')?.focus();
  }

  async function loadProfile() {
    try {
      profile = await act("profile", { user: speaker, ...(isPrivate(chat()) ? {} : { chat: chatId }) });
    } catch {
      return;
    }
    drawHead();
    log.querySelector(".welcome")?.replaceWith(welcome());
    if (!isPrivate(chat())) drawLog();
  }

  function stopTyping() {
    clearTimeout(typingTimer);
    drawHead();
  }

  offs.push(
    on("message", received),
    on("gone", ({ chat: id, message_id }) => id === chatId && log.querySelector(`[data-id="${message_id}"]`)?.remove()),
    on("pins", ({ chat: id }) => id === chatId && drawPins()),
    on("profile", loadProfile),
    on("chat", ({ id }) => {
      if (id !== chatId) return;
      drawHead();
      drawFoot();
    }),
    on("typing", ({ chat: id }) => {
      if (id !== chatId) return;
      subtitle.textContent = t("typing", { bot: profile.name });
      subtitle.classList.add("typing");
      clearTimeout(typingTimer);
      typingTimer = setTimeout(drawHead, TYPING_SECONDS * 1000);
    }),
  );
  log.addEventListener("scroll", looked, { passive: true });
  document.addEventListener("visibilitychange", looked);
  const resized = new ResizeObserver(() => nearBottom() || log.scrollTop === 0 ? looked() : drawNewer());
  resized.observe(log);

  drawHead();
  drawPins();
  drawFoot();
  loadProfile();
  queueMicrotask(drawLog);
  return {
    node,
    chatId,
    focus: () => (writing ? writing.focus() : foot.querySelector("button")?.focus()),
    insert,
    offer(payload) {
      offered = payload;
      drawFoot();
      foot.querySelector("button")?.focus();
    },
    write: (text) => writing?.insert(text),
    looked,
    destroy() {
      offs.forEach((off) => off());
      document.removeEventListener("visibilitychange", looked);
      resized.disconnect();
      clearTimeout(typingTimer);
      node.remove();
    },
  };
}
