-- What users hold in their hands: the calendar file they last got, and the card of their day that is pinned in the chat.

-- The events of the last file a user got. What is no longer in their day stays here, called off, for every later file.
CREATE TABLE calendar (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('talk', 'slot')),
    subject_id INTEGER NOT NULL,
    sequence   INTEGER NOT NULL,    -- raised by every real change (RFC 5545, 3.8.7.4)
    modified   TEXT NOT NULL,
    entry      TEXT NOT NULL CHECK (json_valid(entry)),   -- the event as the file showed it: read whole, never searched
    PRIMARY KEY (user_id, kind, subject_id)
) STRICT, WITHOUT ROWID;

-- The message that shows a user's day, pinned in their chat and edited when it is no longer true.
CREATE TABLE cards (
    user_id  INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    message  TEXT,          -- the channel's number of the message; NULL until it is there
    previous TEXT,          -- the message that this one takes the place of
    digest   TEXT,          -- of what the message shows
    revision INTEGER,       -- of the programme it was drawn from
    drawn    TEXT,          -- when, in conference time
    stale    TEXT,          -- from when on it is no longer true, in conference time; '' at once, NULL never
    queued   INTEGER NOT NULL DEFAULT 0 CHECK (queued IN (0, 1))   -- a row of the outbox sees to it
) STRICT;

-- Nobody can be written to at a terminal.
UPDATE users SET reachable = 0 WHERE channel = 'terminal';
