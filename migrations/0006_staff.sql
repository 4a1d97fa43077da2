-- Who may do what, how they come to it, and what they are about to do.

CREATE TABLE roles (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role       TEXT NOT NULL CHECK (role IN ('staff', 'chair', 'speaker')),
    subject_id INTEGER NOT NULL DEFAULT 0,      -- the session of a chair, the talk of a speaker; 0 for staff
    since      TEXT NOT NULL,
    PRIMARY KEY (user_id, role, subject_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX roles_subject ON roles (role, subject_id);

-- One-time links. Only a hash of what stands in the link is kept.
CREATE TABLE invitations (
    id         INTEGER PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE,
    role       TEXT NOT NULL CHECK (role IN ('staff', 'chair', 'speaker')),
    subject_id INTEGER NOT NULL DEFAULT 0,
    made_by    INTEGER REFERENCES users (id) ON DELETE SET NULL,
    made       TEXT NOT NULL,
    expires    TEXT NOT NULL,
    used_by    INTEGER REFERENCES users (id) ON DELETE SET NULL,
    used       TEXT,
    revoked    INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1))
) STRICT;

-- A change that was shown to somebody and awaits their word. Confirmed twice, it is done once.
CREATE TABLE drafts (
    id      INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind    TEXT NOT NULL,
    edit    TEXT NOT NULL CHECK (json_valid(edit)),
    reason  TEXT NOT NULL DEFAULT '',
    asked   TEXT NOT NULL DEFAULT '',           -- the words it came from, to draw it anew when it has become stale
    undoes  INTEGER REFERENCES changes (id),
    made    TEXT NOT NULL,
    state   TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dropped'))
) STRICT;
