-- What staff say to many at once, in their own words.
--   open       being written by its author
--   asked      confirmed by its author; a second member of staff must confirm it too
--   scheduled  confirmed; goes out at `due`
--   sent       there is a row in the outbox for everybody it goes to
--   stopped    the same, and what had not left by then was withdrawn
--   dropped    given up before anybody was told
CREATE TABLE broadcasts (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER REFERENCES users (id) ON DELETE SET NULL,   -- its author
    audience   TEXT CHECK (audience IN ('all', 'slot', 'talk', 'room', 'zh', 'en', 'staff')),
    subject_id INTEGER,                      -- the slot, talk or room
    zh         TEXT NOT NULL DEFAULT '',
    en         TEXT NOT NULL DEFAULT '',
    file_kind  TEXT CHECK (file_kind IN ('photo', 'document')),
    file       TEXT,                         -- the channel's id of a file that it has
    due        TEXT,
    made       TEXT NOT NULL,
    state      TEXT NOT NULL DEFAULT 'open'
               CHECK (state IN ('open', 'asked', 'scheduled', 'sent', 'stopped', 'dropped'))
) STRICT;
CREATE INDEX broadcasts_due ON broadcasts (due) WHERE state = 'scheduled';
CREATE INDEX outbox_broadcast ON outbox (subject_id, state, reason) WHERE kind = 'broadcast';
CREATE INDEX outbox_progress ON outbox (subject_id) WHERE kind = 'progress';
