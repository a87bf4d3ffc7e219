-- The search index follows the words and their content note: what nobody may read any more leaves it in the same transaction.
CREATE TRIGGER search_follows_new_words AFTER INSERT ON forum_post
WHEN NEW.status IN ('held', 'visible', 'folded')
BEGIN
    INSERT OR REPLACE INTO forum_search (rowid, words) VALUES (NEW.id, NEW.body || char(10) || NEW.content_note);
END
-- next
CREATE TRIGGER search_follows_changed_words AFTER UPDATE OF body, content_note, status ON forum_post
WHEN OLD.body IS NOT NEW.body OR OLD.content_note IS NOT NEW.content_note OR OLD.status IS NOT NEW.status
BEGIN
    DELETE FROM forum_search WHERE rowid = OLD.id;
    INSERT INTO forum_search (rowid, words) SELECT NEW.id, NEW.body || char(10) || NEW.content_note
    WHERE NEW.status IN ('held', 'visible', 'folded');
END
-- next
CREATE TRIGGER search_follows_deleted_words AFTER DELETE ON forum_post
BEGIN
    DELETE FROM forum_search WHERE rowid = OLD.id;
END
-- next
CREATE TRIGGER wall_state_keeps_what_was_proposed BEFORE UPDATE ON forum_wallstate
WHEN NEW.kind IS NOT OLD.kind OR NEW.reason IS NOT OLD.reason OR NEW.word IS NOT OLD.word OR NEW.hours IS NOT OLD.hours OR NEW.closes IS NOT OLD.closes
OR NEW.opens IS NOT OLD.opens OR NEW.alone IS NOT OLD.alone OR NEW.proposed_by_id IS NOT OLD.proposed_by_id OR NEW.proposed_at IS NOT OLD.proposed_at
OR OLD.ended_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'what was proposed for the wall, and what is over, is never changed');
END
-- next
CREATE TRIGGER wall_state_stays BEFORE DELETE ON forum_wallstate
BEGIN
    SELECT RAISE(ABORT, 'what held for the wall is never deleted');
END
