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
-- next
CREATE TRIGGER appeal_names_who_decided BEFORE INSERT ON moderation_appeal
WHEN NEW.decision_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM moderation_decision AS decision WHERE decision.id = NEW.decision_id
    AND decision.case_id = NEW.case_id AND decision.decided_by_id IS NEW.against_id AND decision.subject_id = NEW.by_id
)
OR NEW.report_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM moderation_report AS report JOIN moderation_case AS its ON its.id = report.case_id
    WHERE report.id = NEW.report_id AND report.case_id = NEW.case_id AND its.closed_by_id IS NEW.against_id
    AND report.reporter_id = NEW.by_id
)
BEGIN
    SELECT RAISE(ABORT, 'an appeal names who decided and who asks');
END
-- next
CREATE TRIGGER appeal_keeps_what_it_is_about BEFORE UPDATE ON moderation_appeal
WHEN NEW.decision_id IS NOT OLD.decision_id OR NEW.report_id IS NOT OLD.report_id OR NEW.case_id <> OLD.case_id
OR NEW.against_id IS NOT OLD.against_id OR NEW.by_id <> OLD.by_id
BEGIN
    SELECT RAISE(ABORT, 'an appeal keeps what it is about');
END
-- next
CREATE TRIGGER appeal_begins_with_other_hands BEFORE INSERT ON moderation_appeal
WHEN NEW.heard_by_id IS NOT NULL AND (
    NEW.heard_by_id IN (
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
    )
)
BEGIN
    SELECT RAISE(ABORT, 'an appeal is heard by somebody who had no hand in it');
END
-- next
CREATE TRIGGER appeal_is_heard_by_other_hands BEFORE UPDATE ON moderation_appeal
WHEN NEW.heard_by_id IS NOT NULL AND NEW.heard_by_id IS NOT OLD.heard_by_id AND (
    NEW.heard_by_id IN (
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
    )
)
BEGIN
    SELECT RAISE(ABORT, 'an appeal is heard by somebody who had no hand in it');
END
-- next
CREATE TRIGGER appealed_decision_keeps_who_decided BEFORE UPDATE ON moderation_decision
WHEN NEW.decided_by_id IS NOT OLD.decided_by_id AND EXISTS (SELECT 1 FROM moderation_appeal WHERE decision_id = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'a decision that is appealed against keeps who decided');
END
-- next
CREATE TRIGGER rule_log_refuses_update BEFORE UPDATE ON moderation_ruleevent
BEGIN
    SELECT RAISE(ABORT, 'the log of the rules is never changed');
END
-- next
CREATE TRIGGER rule_log_refuses_delete BEFORE DELETE ON moderation_ruleevent
BEGIN
    SELECT RAISE(ABORT, 'the log of the rules is never cut');
END
-- next
CREATE TRIGGER rota_log_refuses_update BEFORE UPDATE ON moderation_rotaevent
BEGIN
    SELECT RAISE(ABORT, 'the log of the rota is never changed');
END
-- next
CREATE TRIGGER rota_log_refuses_delete BEFORE DELETE ON moderation_rotaevent
BEGIN
    SELECT RAISE(ABORT, 'the log of the rota is never cut');
END
-- next
CREATE TRIGGER letter_opening_stays BEFORE UPDATE ON moderation_letteropening
BEGIN
    SELECT RAISE(ABORT, 'who opened a letter is never changed');
END
-- next
CREATE TRIGGER record_snapshot_stays BEFORE UPDATE ON moderation_crisisrecord
WHEN NEW.snapshot IS NOT OLD.snapshot AND NEW.snapshot <> '[erased]'
BEGIN
    SELECT RAISE(ABORT, 'the words as they were reported are never changed');
END
-- next
CREATE TRIGGER record_version_stays BEFORE UPDATE ON moderation_recordversion
WHEN NOT (NEW.fields = '[erased]' AND NEW.record_id = OLD.record_id AND NEW.n = OLD.n AND NEW.by_id = OLD.by_id AND NEW.at = OLD.at)
BEGIN
    SELECT RAISE(ABORT, 'a version of a record is never changed');
END
-- next
CREATE TRIGGER record_version_is_kept BEFORE DELETE ON moderation_recordversion
BEGIN
    SELECT RAISE(ABORT, 'a version of a record is never taken away');
END
-- next
CREATE TRIGGER sheet_stays BEFORE UPDATE ON moderation_handoversheet
WHEN NOT (NEW.words = '[erased]' AND NEW.record_id = OLD.record_id AND NEW.by_id = OLD.by_id AND NEW.at = OLD.at
    AND NEW.to_whom = OLD.to_whom AND NEW.given_fields = OLD.given_fields)
BEGIN
    SELECT RAISE(ABORT, 'what was handed over is never changed');
END
-- next
CREATE TRIGGER sheet_is_kept BEFORE DELETE ON moderation_handoversheet
BEGIN
    SELECT RAISE(ABORT, 'what was handed over is never taken away');
END
-- next
CREATE TRIGGER record_is_read_by_other_hands BEFORE UPDATE ON moderation_crisisrecord
WHEN NEW.second_reader_id IS NOT NULL AND NEW.second_reader_id IS NOT OLD.second_reader_id
    AND EXISTS (SELECT 1 FROM moderation_recordversion WHERE record_id = NEW.id AND by_id = NEW.second_reader_id)
BEGIN
    SELECT RAISE(ABORT, 'a record is read by somebody who wrote none of it');
END
-- next
CREATE TRIGGER requestevent_refuses_update BEFORE UPDATE ON moderation_requestevent
BEGIN
    SELECT RAISE(ABORT, 'the register of requests is never changed');
END
-- next
CREATE TRIGGER requestevent_refuses_delete BEFORE DELETE ON moderation_requestevent
BEGIN
    SELECT RAISE(ABORT, 'the register of requests is never changed');
END
-- next
CREATE TRIGGER incidentline_refuses_update BEFORE UPDATE ON moderation_incidentline
BEGIN
    SELECT RAISE(ABORT, 'a line about an incident is never changed');
END
-- next
CREATE TRIGGER incidentline_refuses_delete BEFORE DELETE ON moderation_incidentline
BEGIN
    SELECT RAISE(ABORT, 'a line about an incident is never changed');
END
-- next
CREATE TRIGGER request_file_needs_a_decision BEFORE INSERT ON moderation_requestfile
WHEN NOT EXISTS (
    SELECT 1 FROM moderation_outsiderequest WHERE id = NEW.request_id AND give = 1 AND confirmed_by_id IS NOT NULL
    AND stage IN ('decided', 'given')
)
BEGIN
    SELECT RAISE(ABORT, 'a file is made for a decided request');
END
