"""All that residents and staff do with cases, joined from its subjects."""

from __future__ import annotations

from handlers.cases import (
    batch,
    call_off,
    emergency,
    overhearing,
    report,
    reporter,
    reporting,
    reporting_for,
    staff,
    tasks,
    transfer,
)
from handlers.routes import Duty, Routes

routes = Routes([*reporting.routes, *reporter.routes, *staff.routes, *tasks.routes, *transfer.routes])
FORMS = (
    report.REPORT,
    reporter.WITHDRAW,
    emergency.DETAILS,
    call_off.CALL_OFF,
    batch.ALL,
    transfer.RETURN,
    reporting_for.CONSENT,
)
LISTENERS = (emergency.hear_on, overhearing.hear_staff)
DUTIES = (
    Duty("cases.close_what_nobody_disputes", 3600, reporter.close_what_nobody_disputes),
    Duty("cases.return_what_nobody_answers", 60, transfer.return_what_nobody_answers),
    Duty("cases.alarm_again", 30, emergency.alarm_again),
)
