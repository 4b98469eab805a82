"""All that residents and staff do with cases, joined from its subjects."""

from __future__ import annotations

from handlers.cases import call_off, emergency, report, reporter, reporting, staff
from handlers.cases.mediation import duties, hearing
from handlers.routes import Duty, Routes

routes = hearing.attended(Routes([*reporting.routes, *reporter.routes, *staff.routes]))
FORMS = (report.REPORT, reporter.WITHDRAW, emergency.DETAILS, call_off.CALL_OFF)
LISTENERS = (emergency.hear_on, hearing.listen)
INTERRUPTERS = (hearing.interrupt,)
DUTIES = (
    Duty("cases.close_what_nobody_disputes", 3600, reporter.close_what_nobody_disputes),
    Duty("cases.alarm_again", 30, emergency.alarm_again),
    *duties.DUTIES,
)
