-- The programme: one conference, its rooms, people, slots and talks.
-- Rows are never deleted: what a new file no longer has is retired and keeps its id, so that stars survive its return.
-- Times are UTC text, 2025-08-09T05:30:00.000Z. Positions keep the order of the programme file.

CREATE TABLE conference (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    key   TEXT NOT NULL,
    facts TEXT NOT NULL CHECK (json_valid(facts))   -- names, venue, check-in, contacts, committees: read whole, never searched
) STRICT;

-- Raised in the transaction of every change of the programme; the bot reads it to know when to lay out its timetable anew.
CREATE TABLE revision (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO revision (id, number) VALUES (1, 0);

CREATE TABLE rooms (
    id       INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    printed  TEXT NOT NULL,
    english  TEXT NOT NULL,
    number   INTEGER,
    aliases  TEXT NOT NULL CHECK (json_valid(aliases)),
    capacity INTEGER,
    retired  INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX rooms_name ON rooms (name) WHERE retired = 0;

CREATE TABLE people (
    id          INTEGER PRIMARY KEY,
    position    INTEGER NOT NULL,
    key         TEXT NOT NULL,
    name        TEXT NOT NULL,
    latin       TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    biography   TEXT NOT NULL,
    retired     INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX people_key ON people (key) WHERE retired = 0;

CREATE TABLE institutions (
    name     TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    english  TEXT NOT NULL
) STRICT;

CREATE TABLE slots (
    id          INTEGER PRIMARY KEY,
    position    INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    code        TEXT NOT NULL,
    title       TEXT NOT NULL,
    translation TEXT NOT NULL,
    track_zh    TEXT NOT NULL,
    track_en    TEXT NOT NULL,
    start       TEXT NOT NULL,
    "end"       TEXT NOT NULL,
    room_id     INTEGER REFERENCES rooms (id),
    note_zh     TEXT NOT NULL,
    note_en     TEXT NOT NULL,
    retired     INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
) STRICT;

CREATE TABLE slot_people (
    slot_id   INTEGER NOT NULL REFERENCES slots (id),
    role      TEXT NOT NULL CHECK (role IN ('chair', 'panelist')),
    position  INTEGER NOT NULL,
    person_id INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (slot_id, role, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX slot_people_person ON slot_people (person_id);

CREATE TABLE talks (
    id          INTEGER PRIMARY KEY,
    slot_id     INTEGER NOT NULL REFERENCES slots (id),
    position    INTEGER NOT NULL,
    code        TEXT NOT NULL,
    title       TEXT NOT NULL,
    translation TEXT NOT NULL,
    start       TEXT,
    "end"       TEXT,
    summary_zh  TEXT NOT NULL,
    summary_en  TEXT NOT NULL,
    abstract    TEXT NOT NULL,
    retired     INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
) STRICT;
CREATE INDEX talks_slot ON talks (slot_id);

CREATE TABLE talk_speakers (
    talk_id   INTEGER NOT NULL REFERENCES talks (id),
    position  INTEGER NOT NULL,
    person_id INTEGER NOT NULL REFERENCES people (id),
    PRIMARY KEY (talk_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX talk_speakers_person ON talk_speakers (person_id);
