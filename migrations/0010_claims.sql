-- Users who say that they are somebody of the programme. A confirmed claim is the link between the two: the roles that
-- come of it follow the programme, and end with it.

CREATE TABLE claims (
    id         INTEGER PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    person_id  INTEGER NOT NULL,
    made       TEXT NOT NULL,
    state      TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'confirmed', 'declined', 'ended')),
    decided_by INTEGER REFERENCES users (id) ON DELETE SET NULL,
    decided    TEXT,
    UNIQUE (user_id, person_id)
) STRICT;

ALTER TABLE roles ADD COLUMN person_id INTEGER;   -- whom the user is confirmed to be, where the role comes of that
