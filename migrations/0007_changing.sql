-- What somebody was asked and has not answered yet, whom a change concerned, and the programme files that came.

-- One question at a time: the next plain message of the user answers it. `asked` is the command and what is known of it.
CREATE TABLE dialogues (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    asked   TEXT NOT NULL,
    until   TEXT NOT NULL
) STRICT;

-- The change that came of a draft, so that a second press gets the same answer.
ALTER TABLE drafts ADD COLUMN change_id INTEGER REFERENCES changes (id);
ALTER TABLE changes ADD COLUMN people INTEGER NOT NULL DEFAULT 0;   -- how many users it concerned
ALTER TABLE changes ADD COLUMN due TEXT;                            -- the moment from which they are told

-- Programme files. The last one that was taken is what a new one is compared with: only what differs is proposed.
CREATE TABLE imports (
    id        INTEGER PRIMARY KEY,
    user_id   INTEGER REFERENCES users (id) ON DELETE SET NULL,
    file      TEXT NOT NULL,
    programme TEXT NOT NULL CHECK (json_valid(programme)),
    taken     TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(taken)),  -- the questions answered for the file
    state     TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dropped'))
) STRICT;
