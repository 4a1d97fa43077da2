-- What speakers and chairs were told before their turn is kept true in their chats, as reminders are.
DROP INDEX outbox_sent;
CREATE INDEX outbox_sent ON outbox (settled) WHERE state = 'sent' AND kind IN ('reminder', 'duty');
