-- What the organisers want to know of a conference in numbers. Days are those of the conference's own calendar.

-- How often what was asked. Nobody's name is in it.
CREATE TABLE questions (
    day     TEXT NOT NULL,
    kind    TEXT NOT NULL,                       -- the command that answered
    lang    TEXT NOT NULL CHECK (lang IN ('zh', 'en')),
    asked   INTEGER NOT NULL,
    missed  INTEGER NOT NULL,                    -- of these, how many found nothing
    PRIMARY KEY (day, kind, lang)
) STRICT, WITHOUT ROWID;

-- The days on which somebody asked anything.
CREATE TABLE visits (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    day     TEXT NOT NULL,
    PRIMARY KEY (user_id, day)
) STRICT, WITHOUT ROWID;

-- Words that found nothing, so that the organisers can see what is missing.
CREATE TABLE misses (
    id      INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    day     TEXT NOT NULL,
    words   TEXT NOT NULL
) STRICT;
CREATE INDEX misses_user ON misses (user_id);
