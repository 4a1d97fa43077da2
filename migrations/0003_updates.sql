-- What a channel delivered, stored before it is confirmed. The order of `seq` is the order of arrival.
--   waiting    to be handled
--   applied    its effects are committed together with `outcome`, the messages that answer it; they may not be sent yet
--   done       answered, or nothing to answer
--   aside      could not be handled; `reason` says why

CREATE TABLE updates (
    seq     INTEGER PRIMARY KEY,
    source  TEXT NOT NULL,              -- whose numbers these are: another bot counts from elsewhere
    number  INTEGER NOT NULL,           -- Telegram's update_id
    payload TEXT NOT NULL,
    state   TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'applied', 'done', 'aside')),
    outcome TEXT,
    reason  TEXT,
    UNIQUE (source, number)
) STRICT;
CREATE INDEX updates_open ON updates (seq) WHERE state IN ('waiting', 'applied');

-- When the platform was last heard, in real time, for whoever watches the process.
CREATE TABLE pulse (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    heard TEXT NOT NULL
) STRICT;
