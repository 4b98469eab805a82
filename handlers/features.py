"""All features, by hand: their routes, forms and duties."""

from __future__ import annotations

from handlers.aid import actions as aid
from handlers.cases import actions as cases
from handlers.forms import Forms
from handlers.meetings import actions as meetings
from handlers.notices import actions as notices
from handlers.opinions import actions as opinions
from handlers.people import actions as people
from handlers.points import actions as points
from handlers.policy import actions as policy
from handlers.routes import Duty, Routes
from handlers.statistics import actions as statistics
from handlers.talk import actions as talk
from handlers.volunteers import actions as volunteers

ROUTES = Routes(
    (
        route
        for feature in (talk, policy, opinions, cases, volunteers, points, aid, meetings, notices, people, statistics)
        for route in feature.routes
    ),
    listeners=[
        *aid.LISTENERS,
        *meetings.LISTENERS,
        *notices.LISTENERS,
        *cases.LISTENERS,
        *people.LISTENERS,
        *points.LISTENERS,
        *volunteers.LISTENERS,
    ],
    interrupters=cases.INTERRUPTERS,
)
FORMS = Forms(
    form
    for feature in (talk, opinions, cases, volunteers, points, aid, meetings, notices, people)
    for form in feature.FORMS
)
DUTIES = (
    *cases.DUTIES,
    *volunteers.DUTIES,
    *points.DUTIES,
    *aid.DUTIES,
    *meetings.DUTIES,
    *notices.DUTIES,
    *people.DUTIES,
    Duty("forms.ask_about_left", 60, FORMS.ask_about_left),
)
