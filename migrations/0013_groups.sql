-- Groups in which an owner allowed what staff do, by their number on Telegram.
CREATE TABLE groups (
    chat       TEXT PRIMARY KEY,
    allowed_by INTEGER REFERENCES users (id) ON DELETE SET NULL,
    since      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- In which private chats the menu lists the commands of staff, and which: a digest of them. No reference to users: a menu
-- is taken away after its user is gone.
CREATE TABLE menus (
    address TEXT PRIMARY KEY,
    shown   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
