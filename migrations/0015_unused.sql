-- What nobody asks for. The programme is read whole, so nothing is looked up by person or by the slot of a talk; a row of
-- the outbox is not given up for the number of its attempts.
DROP INDEX talks_slot;
DROP INDEX slot_people_person;
DROP INDEX talk_speakers_person;
ALTER TABLE outbox DROP COLUMN attempts;

-- The control cards are looked through whenever something may be due, and are few among all that was ever sent.
CREATE INDEX outbox_control ON outbox (id) WHERE kind = 'control';
