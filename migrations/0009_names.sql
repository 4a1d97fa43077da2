-- What somebody is called on their channel: kept only of those who have a role, asked for one, or changed the programme,
-- so that the organisers know whom they deal with. Empty for everybody else.

ALTER TABLE users ADD COLUMN name TEXT NOT NULL DEFAULT '';
