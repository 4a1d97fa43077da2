// Writing: text, commands that complete themselves, and inline questions (@bot words).

import { aside, el, icon, iconButton } from "./dom.js";
import { act, answered, emit, world } from "./world.js";
import { t } from "./words.js";

const INLINE_WAIT = 250;
const INLINE_SECONDS = 15;
const TALLEST = 140;
const touch = matchMedia("(pointer: coarse)");
let count = 0;

/**
 * The lower edge of a chat. `me()`: who writes; `commands()`: the menu; `say(text)`: send it;
 * `chosen(queryId, resultId)`: send a result of an inline question; `before`: nodes above the writing line.
 * Returns { node, insert(text), focus() }.
 */
export function composer({ me, commands, say, chosen, before }) {
  const listId = `options-${(count += 1)}`;
  const list = el("ul", { class: "options", role: "listbox", id: listId, "aria-label": t("suggestions"), hidden: true });
  const input = el("textarea", {
    rows: "1",
    placeholder: t("write"),
    "aria-label": t("write"),
    "aria-autocomplete": "list",
    "aria-controls": listId,
    enterkeyhint: touch.matches ? "enter" : "send",
    autocomplete: "off",
  });
  const send = iconButton("send", t("send"), () => submit(), { class: "round send" });
  const menuButton = el("button", { type: "button", class: "commands", "aria-expanded": "false", "aria-controls": listId, on: { click: toggleMenu } }, icon("menu"), el("span", { text: t("menu") }));
  const news = aside("");
  news.setAttribute("role", "status");
  let options = [];
  let active = -1;
  let asked = 0;
  let timer = 0;

  function show(found, note = "") {
    options = found;
    active = -1;
    list.replaceChildren(
      ...found.map((option, index) => {
        const node = el("li", { role: "option", id: `${listId}-${index}`, "aria-selected": "false" }, option.content);
        node.addEventListener("pointerdown", (event) => event.preventDefault());
        node.addEventListener("click", () => option.pick());
        return node;
      }),
      ...(note ? [el("li", { class: "note", role: "presentation", text: note })] : []),
    );
    list.hidden = !list.childElementCount;
    menuButton.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    news.textContent = found.length ? t("suggested", { count: found.length }) : note;
  }
  const hide = () => show([]);

  function activate(next) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = (next + options.length) % options.length;
    const node = list.children[active];
    node.setAttribute("aria-selected", "true");
    node.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", node.id);
  }

  function commandOptions(prefix) {
    return commands()
      .filter((each) => each.command.startsWith(prefix))
      .map((each) => ({
        text: `/${each.command}`,
        pick: () => {
          put("");
          hide();
          say(`/${each.command}`);
        },
        content: [el("b", { text: `/${each.command}` }), el("span", { text: each.description })],
      }));
  }

  function toggleMenu() {
    if (!list.hidden) return hide();
    show(commandOptions(""), commands().length ? "" : t("no_commands"));
    input.focus();
  }

  function suggest() {
    clearTimeout(timer);
    asked += 1;
    const command = /^\/(\w*)$/.exec(input.value);
    const [, bot, query] = /^@(\w+)\s(.*)$/s.exec(input.value) ?? [];
    if (command) show(commandOptions(command[1].toLowerCase()));
    else if (bot?.toLowerCase() === world.bot.username.toLowerCase()) {
      timer = setTimeout(inline, INLINE_WAIT, query, asked);
    } else if (!list.hidden) hide();
  }

  async function inline(query, number) {
    show([], t("searching"));
    const person = me();
    let answer = null;
    try {
      const queryId = await act("inline_query", { user: person, query });
      answer = await answered(queryId, INLINE_SECONDS);
    } catch (error) {
      emit("trouble", error);
    }
    if (number !== asked) return;
    const results = answer?.results ?? [];
    const found = results.map((result) => ({
      pick: () => {
        put("");
        hide();
        chosen(answer.query_id, result.id);
      },
      content: [el("b", { text: result.title ?? result.id }), el("span", { text: result.description ?? "" })],
    }));
    if (answer?.button) {
      found.unshift({
        pick: () => {
          put("");
          hide();
          emit("bot-link", { user: person, payload: answer.button.start_parameter });
        },
        content: [el("b", { text: answer.button.text })],
      });
    }
    show(found, found.length ? "" : t(answer ? "nothing_found" : "no_answer"));
  }

  function put(text) {
    input.value = text;
    grow();
  }

  function grow() {
    input.style.setProperty("height", "auto");
    input.style.setProperty("height", `${Math.min(input.scrollHeight, TALLEST)}px`);
    send.disabled = !input.value.trim();
  }

  function submit() {
    const text = input.value.trim();
    if (!text) return;
    put("");
    asked += 1;
    clearTimeout(timer);
    hide();
    say(text).then((sent) => {
      if (!sent && !input.value) put(text);
    });
  }

  input.addEventListener("input", () => {
    grow();
    suggest();
  });
  input.addEventListener("keydown", (event) => {
    // While a hanzi is being composed, Enter and the arrows belong to the input method.
    if (event.isComposing || event.keyCode === 229) return;
    const open = !list.hidden && options.length;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) activate(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
    else if (event.key === "Escape" && !list.hidden) hide();
    else if (open && event.key === "Tab" && !event.shiftKey && options[Math.max(active, 0)].text) {
      put(`${options[Math.max(active, 0)].text} `);
      hide();
    } else if (open && event.key === "Enter" && !event.shiftKey && active >= 0) options[active].pick();
    else if (event.key === "Enter" && !event.shiftKey && !touch.matches) submit();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => setTimeout(() => !node.contains(document.activeElement) && hide(), 0));

  const node = el("div", { class: "composer" }, list, news, before, el("div", { class: "writing" }, menuButton, el("div", { class: "field" }, input), send));
  grow();
  return {
    node,
    focus: () => input.focus(),
    insert(text) {
      put(text);
      input.focus();
      suggest();
    },
  };
}
