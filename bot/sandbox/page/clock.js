// The conference's clock: shown, paused, moved, made faster.

import { el, icon, iconButton } from "./dom.js";
import { menu } from "./panels.js";
import { act, emit, on, world } from "./world.js";
import { inLang, lang, t } from "./words.js";

const SPEEDS = [1, 2, 5, 10, 30, 60, 120, 300, 600];
const SLOW_TICK = 250;

/** Conference time now, in milliseconds. */
export function now() {
  const clock = world.clock;
  if (!clock) return Date.now();
  const time = clock.at + (performance.now() - clock.heard) * clock.speed;
  return clock.until ? Math.min(time, Date.parse(clock.until)) : time;
}

const stands = () => world.clock?.speed === 0;
const zone = () => world.clock?.zone ?? "UTC";

const formats = new Map();
function format(kind, options) {
  const key = `${kind} ${lang} ${zone()}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { timeZone: zone(), ...options }));
  return formats.get(key);
}

const DAY = { month: "short", day: "numeric", weekday: "short" };
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export const timeOf = (seconds) => format("time", TIME).format(seconds * 1000);
export const dayOf = (seconds) => day(seconds * 1000);

/** "8月9日 周六", "Sat 9 Aug". */
const day = (time) => format("day", DAY).format(time).replace("日周", "日 周");

/** "in 5 minutes", by the conference's clock. */
export function relative(seconds) {
  const minutes = Math.round((seconds * 1000 - now()) / 60_000);
  const words = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(minutes, "minute");
  if (Math.abs(minutes) < 24 * 60) return words.format(Math.round(minutes / 60), "hour");
  return words.format(Math.round(minutes / 1440), "day");
}

async function set(change) {
  try {
    await act("clock", change);
  } catch (error) {
    emit("trouble", error);
  }
}

/** The first of the times that is still to come, or else the first. */
const nextOf = (times) => times.find((time) => Date.parse(time) > now() + 1000) ?? times[0];

/** The clock of the top bar. */
export function clockNode() {
  const date = el("span", { class: "clock-day" });
  const minute = el("span");
  const second = el("span", { class: "clock-second" });
  const hour = el("span", { class: "clock-hour" }, minute, second);
  const face = el("button", { type: "button", class: "clock-face", title: t("jump") }, date, hour, el("span", { class: "clock-zone", text: inLang(world.stage.zone) }), icon("down"));
  const pause = iconButton("pause", t("pause"), () => set({ paused: !stands() }));
  const speed = el(
    "select",
    { class: "speed", "aria-label": t("speed"), title: t("speed"), on: { change: () => set({ speed: Number(speed.value) }) } },
    SPEEDS.map((factor) => el("option", { value: factor, text: `${factor}×` })),
  );
  const node = el("div", { class: "clock", role: "group", "aria-label": t("clock") }, menu(face, t("jump"), jumps), pause, speed);

  function show() {
    const time = now();
    const text = format("second", { ...TIME, second: "2-digit" }).format(time);
    if (hour.textContent !== text) {
      minute.textContent = text.slice(0, 5);
      second.textContent = text.slice(5);
    }
    const today = day(time);
    if (date.textContent !== today) date.textContent = today;
  }
  function refresh() {
    const still = stands();
    pause.setAttribute("aria-label", t(still ? "go" : "pause"));
    pause.title = t(still ? "go" : "pause");
    pause.replaceChildren(icon(still ? "play" : "pause"));
    node.classList.toggle("still", still);
    const factor = world.clock?.speed || Number(speed.value) || 1;
    if (!SPEEDS.includes(factor) && ![...speed.options].some((option) => Number(option.value) === factor)) speed.append(el("option", { value: factor, text: `${factor}×` }));
    speed.value = String(factor);
    show();
  }
  const off = on("clock", refresh);
  const ticking = setInterval(() => {
    if (node.isConnected) return show();
    clearInterval(ticking);
    off();
  }, SLOW_TICK);
  refresh();
  return node;
}

function jumps(close) {
  const go = (moment) => {
    close();
    set({ now: moment });
  };
  const moment = el("input", { type: "datetime-local", "aria-label": t("moment"), value: local(now()) });
  const free = el(
    "form",
    { class: "free", on: { submit: (event) => event.preventDefault() || (moment.value && go(instant(moment.value))) } },
    moment,
    el("button", { class: "solid-button", text: t("go_there") }),
  );
  return [
    ...(world.stage.jumps ?? []).map((jump) => {
      const time = nextOf(jump.times);
      const when = `${day(Date.parse(time))} ${format("time", TIME).format(Date.parse(time))}`;
      return el("button", { type: "button", class: "item", on: { click: () => go(time) } }, el("span", { text: inLang(jump.label) }), el("small", { text: when }));
    }),
    free,
  ];
}

/** A moment as the input shows it: local time of the venue. */
function local(time) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en", { timeZone: zone(), year: "numeric", month: "2-digit", day: "2-digit", ...TIME }).formatToParts(time).map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/** The moment that the input's local time of the venue means. */
function instant(value) {
  const asked = Date.parse(`${value}Z`);
  // The venue's distance from UTC is looked up twice: the first guess may stand on the other side of a clock change.
  let time = asked;
  for (let i = 0; i < 2; i += 1) time = asked - (Date.parse(`${local(time)}Z`) - Math.floor(time / 60_000) * 60_000);
  return new Date(time).toISOString();
}
