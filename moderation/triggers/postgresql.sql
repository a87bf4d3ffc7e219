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
-- next
CREATE OR REPLACE FUNCTION appeal_names_who_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decision_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM moderation_decision AS decision WHERE decision.id = NEW.decision_id
        AND decision.case_id = NEW.case_id AND decision.decided_by_id IS NOT DISTINCT FROM NEW.against_id
        AND decision.subject_id = NEW.by_id
    ) OR NEW.report_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM moderation_report AS report JOIN moderation_case AS its ON its.id = report.case_id
        WHERE report.id = NEW.report_id AND report.case_id = NEW.case_id
        AND its.closed_by_id IS NOT DISTINCT FROM NEW.against_id AND report.reporter_id = NEW.by_id
    ) THEN
        RAISE EXCEPTION 'an appeal names who decided and who asks' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
-- next
CREATE TRIGGER appeal_names_who_decided BEFORE INSERT ON moderation_appeal
FOR EACH ROW EXECUTE FUNCTION appeal_names_who_decided()
-- next
CREATE OR REPLACE FUNCTION appeal_keeps_what_it_is_about() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.decision_id, NEW.report_id, NEW.case_id, NEW.against_id, NEW.by_id) IS DISTINCT FROM
        (OLD.decision_id, OLD.report_id, OLD.case_id, OLD.against_id, OLD.by_id) THEN
        RAISE EXCEPTION 'an appeal keeps what it is about' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
-- next
CREATE TRIGGER appeal_keeps_what_it_is_about BEFORE UPDATE ON moderation_appeal
FOR EACH ROW EXECUTE FUNCTION appeal_keeps_what_it_is_about()
-- next
CREATE OR REPLACE FUNCTION appeal_is_heard_by_other_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.heard_by_id IS NULL OR (TG_OP = 'UPDATE' AND NEW.heard_by_id IS NOT DISTINCT FROM OLD.heard_by_id) THEN
        RETURN NEW;
    END IF;
    IF NEW.heard_by_id IN (
        SELECT decided_by_id FROM moderation_decision WHERE id = NEW.decision_id
        UNION ALL SELECT confirmed_by_id FROM moderation_decision WHERE id = NEW.decision_id
        UNION ALL SELECT proposed_by_id FROM moderation_proposal WHERE decision_id = NEW.decision_id
        UNION ALL SELECT answered_by_id FROM moderation_proposal WHERE decision_id = NEW.decision_id
        UNION ALL SELECT looked_by_id FROM moderation_secondlook WHERE decision_id = NEW.decision_id
        UNION ALL SELECT kept_by_id FROM moderation_secondlook WHERE decision_id = NEW.decision_id
    )
    OR NEW.report_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM moderation_caseevent WHERE case_id = NEW.case_id AND actor_id = NEW.heard_by_id
        AND action IN ('decide', 'step', 'close', 'settle')
    ) THEN
        RAISE EXCEPTION 'an appeal is heard by somebody who had no hand in it'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
-- next
CREATE TRIGGER appeal_is_heard_by_other_hands BEFORE INSERT OR UPDATE ON moderation_appeal
FOR EACH ROW EXECUTE FUNCTION appeal_is_heard_by_other_hands()
-- next
CREATE OR REPLACE FUNCTION appealed_decision_keeps_who_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id
    AND EXISTS (SELECT 1 FROM moderation_appeal WHERE decision_id = OLD.id) THEN
        RAISE EXCEPTION 'a decision that is appealed against keeps who decided'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
-- next
CREATE TRIGGER appealed_decision_keeps_who_decided BEFORE UPDATE ON moderation_decision
FOR EACH ROW EXECUTE FUNCTION appealed_decision_keeps_who_decided()
-- next
CREATE OR REPLACE FUNCTION rule_log_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of the rules is never changed or cut' USING ERRCODE = 'integrity_constraint_violation';
END
$$
-- next
CREATE TRIGGER rule_log_refuses_change BEFORE UPDATE OR DELETE ON moderation_ruleevent
FOR EACH ROW EXECUTE FUNCTION rule_log_refuses()
-- next
CREATE TRIGGER rule_log_refuses_truncate BEFORE TRUNCATE ON moderation_ruleevent
FOR EACH STATEMENT EXECUTE FUNCTION rule_log_refuses()
-- next
CREATE OR REPLACE FUNCTION rota_log_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of the rota is never changed or cut' USING ERRCODE = 'integrity_constraint_violation';
END
$$
-- next
CREATE TRIGGER rota_log_refuses_change BEFORE UPDATE OR DELETE ON moderation_rotaevent
FOR EACH ROW EXECUTE FUNCTION rota_log_refuses()
-- next
CREATE TRIGGER rota_log_refuses_truncate BEFORE TRUNCATE ON moderation_rotaevent
FOR EACH STATEMENT EXECUTE FUNCTION rota_log_refuses()
-- next
CREATE OR REPLACE FUNCTION letter_opening_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'who opened a letter is never changed' USING ERRCODE = 'integrity_constraint_violation';
END
$$
-- next
CREATE TRIGGER letter_opening_stays BEFORE UPDATE ON moderation_letteropening
FOR EACH ROW EXECUTE FUNCTION letter_opening_stays()
-- next
CREATE OR REPLACE FUNCTION record_snapshot_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.snapshot IS DISTINCT FROM OLD.snapshot AND NEW.snapshot <> '[erased]' THEN
        RAISE EXCEPTION 'the words as they were reported are never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.second_reader_id IS NOT NULL AND NEW.second_reader_id IS DISTINCT FROM OLD.second_reader_id
    AND EXISTS (SELECT 1 FROM moderation_recordversion WHERE record_id = NEW.id AND by_id = NEW.second_reader_id) THEN
        RAISE EXCEPTION 'a record is read by somebody who wrote none of it'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
-- next
CREATE TRIGGER record_snapshot_stays BEFORE UPDATE ON moderation_crisisrecord
FOR EACH ROW EXECUTE FUNCTION record_snapshot_stays()
-- next
CREATE OR REPLACE FUNCTION record_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.fields = '[erased]'
        AND (NEW.record_id, NEW.n, NEW.by_id, NEW.at) IS NOT DISTINCT FROM (OLD.record_id, OLD.n, OLD.by_id, OLD.at) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a version of a record is never changed' USING ERRCODE = 'integrity_constraint_violation';
END
$$
-- next
CREATE TRIGGER record_version_stays BEFORE UPDATE OR DELETE ON moderation_recordversion
FOR EACH ROW EXECUTE FUNCTION record_version_stays()
-- next
CREATE OR REPLACE FUNCTION sheet_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.words = '[erased]' AND (NEW.record_id, NEW.by_id, NEW.at, NEW.to_whom, NEW.given_fields)
        IS NOT DISTINCT FROM (OLD.record_id, OLD.by_id, OLD.at, OLD.to_whom, OLD.given_fields) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'what was handed over is never changed' USING ERRCODE = 'integrity_constraint_violation';
END
$$
-- next
CREATE TRIGGER sheet_stays BEFORE UPDATE OR DELETE ON moderation_handoversheet
FOR EACH ROW EXECUTE FUNCTION sheet_stays()
-- next
CREATE OR REPLACE FUNCTION requestevent_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the register of requests is never changed' USING ERRCODE = 'integrity_constraint_violation';
END
$$
-- next
CREATE TRIGGER requestevent_refuses_change BEFORE UPDATE OR DELETE ON moderation_requestevent
FOR EACH ROW EXECUTE FUNCTION requestevent_stays()
-- next
CREATE TRIGGER requestevent_refuses_truncate BEFORE TRUNCATE ON moderation_requestevent
FOR EACH STATEMENT EXECUTE FUNCTION requestevent_stays()
-- next
CREATE OR REPLACE FUNCTION incidentline_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a line about an incident is never changed' USING ERRCODE = 'integrity_constraint_violation';
END
$$
-- next
CREATE TRIGGER incidentline_refuses_change BEFORE UPDATE OR DELETE ON moderation_incidentline
FOR EACH ROW EXECUTE FUNCTION incidentline_stays()
-- next
CREATE TRIGGER incidentline_refuses_truncate BEFORE TRUNCATE ON moderation_incidentline
FOR EACH STATEMENT EXECUTE FUNCTION incidentline_stays()
-- next
CREATE OR REPLACE FUNCTION request_file_needs_a_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM moderation_outsiderequest WHERE id = NEW.request_id AND give AND confirmed_by_id IS NOT NULL
        AND stage IN ('decided', 'given')
    ) THEN
        RAISE EXCEPTION 'a file is made for a decided request' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
-- next
CREATE TRIGGER request_file_needs_a_decision BEFORE INSERT ON moderation_requestfile
FOR EACH ROW EXECUTE FUNCTION request_file_needs_a_decision()
