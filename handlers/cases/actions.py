"""All that residents and staff do with cases, joined from its subjects."""

from __future__ import annotations

from handlers.cases import (
    alarms,
    call_off,
    emergency,
    escalating,
    listening,
    report,
    reporter,
    reporting,
    staff,
)
from handlers.routes import Duty, Routes

routes = Routes([*reporting.routes, *reporter.routes, *staff.routes])
FORMS = (report.REPORT, reporter.WITHDRAW, emergency.DETAILS, call_off.CALL_OFF)
LISTENERS = (emergency.hear_on, listening.hear_answer, listening.hear_question)
DUTIES = (
    Duty("cases.close_what_nobody_disputes", 3600, reporter.close_what_nobody_disputes),
    Duty("cases.alarm_again", 30, alarms.alarm_again),
    Duty("cases.look_at_clocks", 30, escalating.look_at_clocks),
    Duty("cases.count_anew", 3600, escalating.count_anew),
)
