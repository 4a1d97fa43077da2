-- Whoever talks to the bot, on one channel. `lang` is what the user sees; `chosen` says that they chose it themselves,
-- so that a channel's guess no longer overrides it.

CREATE TABLE users (
    id        INTEGER PRIMARY KEY,
    channel   TEXT NOT NULL,
    address   TEXT NOT NULL,                                    -- how the channel reaches them: a chat id
    lang      TEXT NOT NULL CHECK (lang IN ('zh', 'en')),
    chosen    INTEGER NOT NULL DEFAULT 0 CHECK (chosen IN (0, 1)),
    reachable INTEGER NOT NULL DEFAULT 1 CHECK (reachable IN (0, 1)),
    since     TEXT NOT NULL,
    UNIQUE (channel, address)
) STRICT;
