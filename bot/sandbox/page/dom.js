// Building the page: nodes and text, never markup.

/** An element. `props`: attributes; `class`, `text`; functions under `on`, by event. Children may be null. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  send: "M3.4 20.4 21.5 12 3.4 3.6l-.1 6.5L15 12 3.3 13.9z",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "m6 6 12 12M18 6 6 18",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  pin: "M9 4h6l-1 6 3.5 3.5H6.5L10 10zM12 13.5V20",
  mute: "M6 15.5h12c-1.4-1.4-2-3-2-5.5a4 4 0 0 0-8 0c0 2.5-.6 4.1-2 5.5zM10.5 18.5a1.6 1.6 0 0 0 3 0M4 4l16 16",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4",
  place: "M12 21s7-6.2 7-11a7 7 0 0 0-14 0c0 4.8 7 11 7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8.5 6v12M15.5 6v12",
  jump: "M5 6.5h14v13H5zM5 10.5h14M9 4v4M15 4v4M10 15h4m-1.5-1.8L14.5 15l-2 1.8",
  network: "M4.5 9.5a11 11 0 0 1 15 0M7.5 13a6.6 6.6 0 0 1 9 0M12 17.5v.01",
  down: "m6 10 6 6 6-6",
  reply: "M10 6 4 12l6 6M4.5 12H14c3.5 0 6 2 6 6",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1",
  block: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM6.5 6.5l11 11",
  open: "M9 6h9v9M18 6 7 17",
  copy: "M9 9h10v10H9zM5 15V5h10",
};
const SOLID = new Set(["send", "play"]);

/** A picture that says nothing a screen reader needs. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", SOLID.has(name) ? "icon solid" : "icon");
  return svg;
}

/** A button that shows only a picture; `label` is what it is called. */
export function iconButton(name, label, press, more = {}) {
  return el("button", { type: "button", class: "round", "aria-label": label, title: label, on: { click: press }, ...more }, icon(name));
}

const COLOURS = 7;

/** The round picture of somebody: their first character on a colour of their own. */
export function avatar(name, id, className = "avatar") {
  const first = [...(name || "?")][0];
  return el("span", { class: `${className} ${tint("tint", id)}`, "aria-hidden": "true", text: first });
}

/** The class of somebody's own colour. A group does not share that of its first members. */
export const tint = (kind, id) => `${kind}-${(Math.abs(id) + (id < 0 ? 3 : 0)) % COLOURS}`;

/** The bot's own picture. */
export const botAvatar = () => el("img", { class: "avatar large", src: "/page/icon.svg", alt: "" });

/** Words for screen readers only. */
export function aside(text) {
  return el("span", { class: "unseen", text });
}
