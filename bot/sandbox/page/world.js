// What the sandbox has told: people, chats, messages, the weather of the network. Changes arrive as server-sent events.

export const world = { bot: null, users: new Map(), chats: new Map(), network: { down: false, seconds: 0 }, stage: {}, clock: null };
const listeners = new Map();
const arrived = new Map();
const waiting = new Map();

/** Call `listener` with what an event says: world, message, gone, pins, chat, typing, profile, network, clock, lost. */
export function on(kind, listener) {
  if (!listeners.has(kind)) listeners.set(kind, new Set());
  listeners.get(kind).add(listener);
  return () => listeners.get(kind).delete(listener);
}

export function emit(kind, about) {
  for (const listener of [...(listeners.get(kind) ?? [])]) listener(about);
}

/** Ask the sandbox to do something. Throws an Error with its reason. */
export async function act(verb, params = {}) {
  const answer = await fetch(`/sandbox/${verb}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(params),
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.problem ?? answer.statusText);
  return body;
}

/** The answer to a pressed button or an inline query; null when none comes within `seconds`. */
export function answered(queryId, seconds) {
  // The event may overtake the response that brought the id.
  if (arrived.has(queryId)) return Promise.resolve(take(arrived, queryId));
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(take(waiting, queryId) && null), seconds * 1000);
    waiting.set(queryId, (about) => {
      clearTimeout(timer);
      resolve(about);
    });
  });
}

function take(map, key) {
  const value = map.get(key);
  map.delete(key);
  return value;
}

function settle(about) {
  const resolve = take(waiting, about.query_id);
  if (resolve) resolve(about);
  else arrived.set(about.query_id, about);
}

export const isPrivate = (chat) => chat.type === "private";
export const name = (user) => (user.id === world.bot.id ? user.first_name : [user.first_name, user.last_name].filter(Boolean).join(" "));
export const title = (chat) => (isPrivate(chat) ? name(world.users.get(chat.id)) : chat.title);
export const last = (chat) => [...chat.messages.values()].at(-1);

/** How many messages nobody has looked at. What the owner of a private chat wrote is no news to them. */
export function unread(chat) {
  let count = 0;
  for (const message of chat.messages.values()) {
    if (message.message_id > chat.seen && !(isPrivate(chat) && message.from?.id === chat.id)) count += 1;
  }
  return count;
}

export function see(chat) {
  const newest = last(chat)?.message_id ?? 0;
  if (newest <= chat.seen) return;
  chat.seen = newest;
  emit("seen", chat);
}

function keep(json) {
  const old = world.chats.get(json.id);
  const messages = json.messages ? new Map(json.messages.map((message) => [message.message_id, message])) : (old?.messages ?? new Map());
  const silent = json.silent ? new Set(json.silent) : (old?.silent ?? new Set());
  const seen = old?.seen ?? Math.max(0, ...messages.keys());
  world.chats.set(json.id, { pinned: old?.pinned ?? [], ...json, messages, silent, seen });
}

const TAKE = {
  world(all) {
    world.bot = all.bot;
    world.network = all.network;
    world.stage = all.stage;
    world.users = new Map(all.users.map((user) => [user.id, user]));
    const known = new Set(all.chats.map((chat) => chat.id));
    for (const id of world.chats.keys()) if (!known.has(id)) world.chats.delete(id);
    // Every person has a chat with the bot to look at, opened or not; the others follow.
    for (const user of all.users) if (!known.has(user.id)) keep(empty(user));
    all.chats.forEach(keep);
    if (all.clock) TAKE.clock(all.clock);
  },
  message({ chat, message, silent }) {
    const where = world.chats.get(chat);
    if (!where) return false;
    where.messages.set(message.message_id, message);
    if (silent) where.silent.add(message.message_id);
  },
  gone({ chat, message_id }) {
    world.chats.get(chat)?.messages.delete(message_id);
  },
  pins({ chat, pinned }) {
    const where = world.chats.get(chat);
    if (where) where.pinned = pinned;
  },
  chat: keep,
  user(user) {
    world.users.set(user.id, user);
    if (!world.chats.has(user.id)) keep(empty(user));
  },
  typing() {},
  profile() {},
  network(network) {
    world.network = network;
  },
  clock(clock) {
    world.clock = { ...clock, heard: performance.now(), at: Date.parse(clock.now) };
  },
  callback: settle,
  inline: settle,
};

const empty = (user) => ({ id: user.id, type: "private", members: [], started: false, blocked: false, pinned: [], messages: [], silent: [] });

/** Listen for good; the browser comes back by itself after every break, and is told the whole world again. */
export function connect() {
  const source = new EventSource("/sandbox/events");
  for (const [kind, take] of Object.entries(TAKE)) {
    source.addEventListener(kind, (event) => {
      const about = JSON.parse(event.data);
      if (take(about) !== false) emit(kind, about);
    });
  }
  source.addEventListener("open", () => emit("lost", false));
  source.addEventListener("error", () => {
    emit("lost", true);
    // Firefox gives up on a refused connection; nothing else does.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1000);
  });
}
