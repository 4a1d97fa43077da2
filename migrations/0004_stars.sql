-- What users mark, what they were last told of it, what they must be told, and what was changed.

ALTER TABLE slots ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1));
ALTER TABLE talks ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1));

-- Settings of a user. Quiet hours are minutes after midnight in the conference's timezone.
ALTER TABLE users ADD COLUMN lead INTEGER NOT NULL DEFAULT 10 CHECK (lead BETWEEN 1 AND 60);
ALTER TABLE users ADD COLUMN reminders INTEGER NOT NULL DEFAULT 1 CHECK (reminders IN (0, 1));
ALTER TABLE users ADD COLUMN same_room INTEGER NOT NULL DEFAULT 1 CHECK (same_room IN (0, 1));
ALTER TABLE users ADD COLUMN notices INTEGER NOT NULL DEFAULT 1 CHECK (notices IN (0, 1));
ALTER TABLE users ADD COLUMN quiet_from INTEGER CHECK (quiet_from BETWEEN 0 AND 1439);
ALTER TABLE users ADD COLUMN quiet_to INTEGER CHECK (quiet_to BETWEEN 0 AND 1439);

-- A mark on a talk or a slot. A talk's own row, on or off, wins over its session's.
CREATE TABLE stars (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('talk', 'slot')),
    subject_id INTEGER NOT NULL,
    starred    INTEGER NOT NULL CHECK (starred IN (0, 1)),
    since      TEXT NOT NULL,
    PRIMARY KEY (user_id, kind, subject_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stars_subject ON stars (kind, subject_id, starred);

-- What a user last saw of something they starred: written when they star it, and when a message about it is confirmed.
CREATE TABLE told (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('talk', 'slot')),
    subject_id INTEGER NOT NULL,
    start      TEXT NOT NULL,
    "end"      TEXT NOT NULL,
    room_id    INTEGER,
    cancelled  INTEGER NOT NULL CHECK (cancelled IN (0, 1)),
    title      TEXT NOT NULL,
    speakers   TEXT NOT NULL CHECK (json_valid(speakers)),
    PRIMARY KEY (user_id, kind, subject_id)
) STRICT, WITHOUT ROWID;

-- What must reach a user. The words are made when a row is claimed; `key` names the fact and its time.
--   waiting    to be sent
--   sending    claimed; when the process dies now, nobody knows whether it arrived
--   sent       the channel said yes; `message` is its number there
--   doubtful   it may have arrived and no answer came
--   failed     it can't be sent; `reason` says why
--   expired    its time went by
--   dropped    when it was claimed there was nothing left to say
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    subject    TEXT,
    subject_id INTEGER,
    moment     TEXT,                -- the start a reminder is of: those of one moment are said together
    priority   INTEGER NOT NULL,    -- smaller goes first
    due        TEXT,                -- not before this moment: changes wait a while, so that what is taken back is not told
    expires    TEXT,
    state      TEXT NOT NULL DEFAULT 'waiting'
               CHECK (state IN ('waiting', 'sending', 'sent', 'doubtful', 'failed', 'expired', 'dropped')),
    doubts     INTEGER NOT NULL DEFAULT 0,   -- times it was sent without a certain answer
    attempts   INTEGER NOT NULL DEFAULT 0,
    reason     TEXT,
    message    TEXT,
    shown      TEXT,                -- the facts in the message as the user sees it now
    queued     TEXT NOT NULL,
    settled    TEXT
) STRICT;
CREATE INDEX outbox_open ON outbox (priority, id) WHERE state IN ('waiting', 'doubtful', 'sending');
CREATE INDEX outbox_sent ON outbox (settled) WHERE state = 'sent' AND kind = 'reminder';
CREATE INDEX outbox_user ON outbox (user_id);

-- Every edit of the published programme: what was set from what to what (domain.edits), and whose it was.
CREATE TABLE changes (
    id      INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    user_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    kind    TEXT NOT NULL,          -- move, retime, delay, cancel, restore, swap …
    edit    TEXT NOT NULL CHECK (json_valid(edit)),
    reason  TEXT NOT NULL DEFAULT '',
    undoes  INTEGER UNIQUE REFERENCES changes (id)
) STRICT;
