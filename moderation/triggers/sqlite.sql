CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON moderation_caseevent
BEGIN
    SELECT RAISE(ABORT, 'the audit chain is never changed');
END
-- next
CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON moderation_caseevent
BEGIN
    SELECT RAISE(ABORT, 'the audit chain is never cut');
END
-- next
CREATE TRIGGER audit_refuses_second BEFORE INSERT ON moderation_caseevent
WHEN EXISTS (SELECT 1 FROM moderation_caseevent WHERE n = NEW.n OR id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'this number of the audit chain is taken');
END
-- next
CREATE TRIGGER decision_kind_is_its_cases BEFORE INSERT ON moderation_decision
WHEN NEW.case_kind IS NOT (SELECT kind FROM moderation_case WHERE id = NEW.case_id)
BEGIN
    SELECT RAISE(ABORT, 'a decision is of the kind of its case');
END
-- next
CREATE TRIGGER decision_kind_stays_its_cases BEFORE UPDATE ON moderation_decision
WHEN NEW.case_kind IS NOT (SELECT kind FROM moderation_case WHERE id = NEW.case_id)
BEGIN
    SELECT RAISE(ABORT, 'a decision is of the kind of its case');
END
-- next
CREATE TRIGGER case_keeps_its_kind BEFORE UPDATE ON moderation_case
WHEN NEW.kind <> OLD.kind
BEGIN
    SELECT RAISE(ABORT, 'a case keeps its kind');
END
