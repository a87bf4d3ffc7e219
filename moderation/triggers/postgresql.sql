CREATE OR REPLACE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit chain is never changed or cut' USING ERRCODE = 'integrity_constraint_violation';
END
$$
-- next
CREATE TRIGGER audit_refuses_change BEFORE UPDATE OR DELETE ON moderation_caseevent
FOR EACH ROW EXECUTE FUNCTION audit_refuses()
-- next
CREATE TRIGGER audit_refuses_truncate BEFORE TRUNCATE ON moderation_caseevent
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()
-- next
CREATE OR REPLACE FUNCTION decision_is_of_its_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.case_kind IS DISTINCT FROM (SELECT kind FROM moderation_case WHERE id = NEW.case_id) THEN
        RAISE EXCEPTION 'a decision is of the kind of its case' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
-- next
CREATE TRIGGER decision_kind_is_its_cases BEFORE INSERT OR UPDATE ON moderation_decision
FOR EACH ROW EXECUTE FUNCTION decision_is_of_its_case()
-- next
CREATE OR REPLACE FUNCTION case_kind_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> OLD.kind THEN
        RAISE EXCEPTION 'a case keeps its kind' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
-- next
CREATE TRIGGER case_keeps_its_kind BEFORE UPDATE ON moderation_case
FOR EACH ROW EXECUTE FUNCTION case_kind_is_kept()
