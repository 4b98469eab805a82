"""All that residents and staff do with cases, joined from its subjects."""

from __future__ import annotations

from handlers.cases import (
    afterwards,
    alarms,
    batch,
    call_off,
    emergency,
    escalating,
    listening,
    looking_up,
    merging,
    overhearing,
    report,
    reporter,
    reporting,
    reporting_for,
    staff,
    tasks,
    transfer,
)
from handlers.cases.mediation import duties, handing_over, hearing
from handlers.routes import Duty, Routes
from storage.cases import Case

routes = hearing.attended(Routes([*reporting.routes, *reporter.routes, *staff.routes, *tasks.routes, *transfer.routes]))
FORMS = (
    report.REPORT,
    reporter.WITHDRAW,
    reporter.LEAVE,
    emergency.DETAILS,
    call_off.CALL_OFF,
    batch.ALL,
    transfer.RETURN,
    reporting_for.CONSENT,
    *handing_over.FORMS,
)
LISTENERS = (
    listening.hear_opening,
    emergency.hear_on,
    hearing.listen,
    listening.hear_pointing,
    listening.hear_no_need,
    overhearing.hear_report,
    listening.hear_answer,
    listening.hear_question,
    listening.hear_first_report,
    looking_up.look_up,
    merging.hear,
    afterwards.hear,
    overhearing.hear_staff,
)
INTERRUPTERS = (hearing.interrupt,)
DUTIES = (
    Duty("cases.close_what_nobody_disputes", 3600, reporter.close_what_nobody_disputes, over=Case),
    Duty("cases.ask_again_whether_solved", 3600, reporter.ask_again_whether_solved, over=Case),
    Duty("cases.return_what_nobody_answers", 60, transfer.return_what_nobody_answers, over=Case),
    Duty("cases.alarm_again", 30, alarms.alarm_again, over=Case),
    Duty("cases.look_at_clocks", 30, escalating.look_at_clocks, over=Case),
    Duty("cases.count_anew", 3600, escalating.count_anew),
    *duties.DUTIES,
)
