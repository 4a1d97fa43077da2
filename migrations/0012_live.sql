-- What the chair says of a session while it is about to begin or runs. It changes nothing official: printed times stay.

-- `start` is the official start that it was said of; when the session is moved to another time, it says nothing any more.
CREATE TABLE live (
    slot_id   INTEGER PRIMARY KEY REFERENCES slots (id),
    start     TEXT NOT NULL,
    here      INTEGER NOT NULL CHECK (here IN (0, 1)),      -- a chair is in the room
    late      INTEGER NOT NULL,                             -- minutes that what comes next is behind; below 0 ahead
    began     TEXT,
    finished  TEXT,
    full_room INTEGER REFERENCES rooms (id)                 -- the room that is full, if it is
) STRICT;

-- When talks really began. `late` is what stood in the session's row before, for whoever takes the press back.
CREATE TABLE live_talks (
    talk_id INTEGER PRIMARY KEY REFERENCES talks (id),
    slot_id INTEGER NOT NULL REFERENCES live (slot_id) ON DELETE CASCADE,
    began   TEXT NOT NULL,
    late    INTEGER NOT NULL
) STRICT;
CREATE INDEX live_talks_slot ON live_talks (slot_id);
