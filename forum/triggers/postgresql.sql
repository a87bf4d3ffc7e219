-- The search index follows the words and their content note: what nobody may read any more leaves it in the same transaction.
CREATE OR REPLACE FUNCTION search_follows_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM forum_search WHERE rowid = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.status IN ('held', 'visible', 'folded') THEN
        INSERT INTO forum_search (rowid, words) VALUES (NEW.id, forum_search_words(NEW.body || chr(10) || NEW.content_note))
        ON CONFLICT (rowid) DO UPDATE SET words = EXCLUDED.words;
    END IF;
    RETURN NULL;
END
$$
-- next
CREATE TRIGGER search_follows_new_words AFTER INSERT ON forum_post
FOR EACH ROW EXECUTE FUNCTION search_follows_words()
-- next
CREATE TRIGGER search_follows_changed_words AFTER UPDATE OF body, content_note, status ON forum_post
FOR EACH ROW WHEN (OLD.body IS DISTINCT FROM NEW.body OR OLD.content_note IS DISTINCT FROM NEW.content_note OR OLD.status IS DISTINCT FROM NEW.status)
EXECUTE FUNCTION search_follows_words()
-- next
CREATE TRIGGER search_follows_deleted_words AFTER DELETE ON forum_post
FOR EACH ROW EXECUTE FUNCTION search_follows_words()
-- next
CREATE OR REPLACE FUNCTION wall_state_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was proposed for the wall, and what is over, is never changed or deleted'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
-- next
CREATE TRIGGER wall_state_keeps_what_was_proposed BEFORE UPDATE ON forum_wallstate
FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.word IS DISTINCT FROM OLD.word OR NEW.hours IS DISTINCT FROM OLD.hours OR NEW.closes IS DISTINCT FROM OLD.closes
OR NEW.opens IS DISTINCT FROM OLD.opens OR NEW.alone IS DISTINCT FROM OLD.alone OR NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id OR NEW.proposed_at IS DISTINCT FROM OLD.proposed_at)
EXECUTE FUNCTION wall_state_stays()
-- next
CREATE TRIGGER wall_state_stays BEFORE DELETE ON forum_wallstate
FOR EACH ROW EXECUTE FUNCTION wall_state_stays()
