"""Which times of a text give way to others: what is moved, corrected, cancelled or denied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nlu.times.atoms import Bound
from nlu.times.roles import MOVED_TO, Role, Standing, between, own_standing
from nlu.times.words import pattern_of

if TYPE_CHECKING:
    from nlu.times.moments import Chain

_THAT_IS = re.compile(r"[,\s(]*(?:也就是说?|就是说|亦即|即)[:,\s]*")
_MOVED_AWAY = pattern_of("no_new_time")
_NOT = re.compile(r"(?:(?<![是要])不是|并非|而非|不在|除了|除开)(?:在|定在|说)?\s?$")
_EXCEPT = re.compile(r"(?:以外|之外|除外)(?!面)")
_WRONG = re.compile(rf"{pattern_of('wrong').pattern}|[,\s]不[,\s]")
_CANCELLED = re.compile(rf"[^,。;]{{0,5}}?{pattern_of('cancelled').pattern}")
_INSTEAD = re.compile(r"[^,。;]{0,3}?(?:可以|得行|行|开|吧|嘛|要得|再|搞|哈|怎么样|有空|方便|来)")
_IN_CASE = re.compile("如[遇果有]|若遇|遇[到上]?[大暴]?[雨雪]|[下落][大暴]?[雨雪][就则的]|雨天|要是|万一|假如|倘若")
_AS_AN_ASIDE = re.compile(rf"了?[,(\s]{pattern_of('old').pattern}[是为在的]{{0,2}}")
_WRONG_REACH = 25


def standings_of(chains: list[Chain], text: str) -> list[Standing]:
    """The role of every chain, in order."""
    standings = [own_standing(chains, place, text) for place in range(len(chains))]
    for place in range(len(chains) - 1):
        _settle_pair(chains, standings, place, text)
    _settle_denials(chains, standings, text)
    return standings


def _settle_pair(chains: list[Chain], standings: list[Standing], place: int, text: str) -> None:
    """Where the words between two times move the first to the second or take it back."""
    words = text[chains[place].end : chains[place + 1].start]
    if len(words) > 60:
        return
    after = text[chains[place + 1].end : chains[place + 1].end + 12]
    if MOVED_TO.search(words) and _IN_CASE.search(words):
        # 4日停电，如遇大雨顺延至5日: nothing has been moved yet.
        standings[place + 1] = Standing(Role.STRUCK)
    elif MOVED_TO.search(words) and not _begins_then(chains[place], chains[place + 1]):
        _replace(chains, standings, place, Role.OLD, corrects=False)
    elif _THAT_IS.fullmatch(words) and chains[place + 1].head.dated:
        _replace(chains, standings, place, Role.STRUCK, corrects=False)
    elif len(words) <= _WRONG_REACH and _WRONG.search(words):
        _replace(chains, standings, place, Role.STRUCK, corrects=True)
    elif _gives_way(words, after) and standings[place + 1].role is Role.EVENT:
        _replace(chains, standings, place, Role.STRUCK, corrects=False)
    elif (
        standings[place].role is Role.OLD
        and standings[place + 1].role is Role.EVENT
        and _takes_over(chains, place, text)
    ):
        standings[place + 1] = Standing(Role.EVENT, replaces=place)


def _takes_over(chains: list[Chain], place: int, text: str) -> bool:
    """Whether the next time takes over from an old one.

    A deadline does not from what is none, and nothing does where the new time stands before the old (18日，原来是15日).
    """
    same_kind = chains[place + 1].bound is not Bound.UNTIL or chains[place].bound is Bound.UNTIL
    return same_kind and not (place and _AS_AN_ASIDE.fullmatch(text, chains[place - 1].end, chains[place].start))


def _gives_way(between: str, after: str) -> bool:
    """周四没空，周五可以; 周四不行的话就周五."""
    instead = _INSTEAD.match(after) is not None or between.endswith(("就", "换")) or "改" in between
    return instead and _CANCELLED.match(between) is not None


def _begins_then(chain: Chain, hours: Chain) -> bool:
    """6月1日起办公时间调整为上午9点到12点: the day is when the new hours begin, not what they replace."""
    of_days = chain.head.dated and not any(moment.timed for moment in chain.moments)
    begins = chain.bound is Bound.FROM or len(chain.moments) > 1
    return of_days and begins and hours.head.timed and hours.head.day is None


def _replace(chains: list[Chain], standings: list[Standing], place: int, role: Role, *, corrects: bool) -> None:
    for earlier in range(max(0, place - 3), place + 1):
        same_day = chains[place].head.day is not None and chains[earlier].head.day == chains[place].head.day
        if same_day or earlier == place:
            standings[earlier] = Standing(role, standings[earlier].replaces, standings[earlier].corrects)
    if standings[place + 1].role in (Role.EVENT, Role.TOPIC, Role.SAID, Role.FINISH):
        standings[place + 1] = Standing(Role.EVENT, replaces=place, corrects=corrects)


def _settle_denials(chains: list[Chain], standings: list[Standing], text: str) -> None:
    """不是周四，是周五 and 是周五不是周四: what 不是 stands before is struck out where another time is left."""
    for place in range(len(chains)):
        before, after = between(chains, place, text)
        if len(chains) == 1 and re.match(r"[^,。]{0,6}[吗嘛么?]", after):
            continue
        if _NOT.search(before) or _EXCEPT.match(after):
            _strike(chains, standings, place)
        elif len(chains) == place + 1 and standings[place].role in (Role.EVENT, Role.OLD) and _MOVED_AWAY.search(after):
            standings[place] = Standing(Role.VOID)


def _strike(chains: list[Chain], standings: list[Standing], place: int) -> None:
    standings[place] = Standing(Role.STRUCK)
    struck_before = [earlier for earlier in range(place) if chains[earlier].head.day == chains[place].head.day]
    if chains[place].head.day is not None:
        for earlier in struck_before:
            standings[earlier] = Standing(Role.STRUCK)
    if place + 1 < len(chains) and standings[place + 1].role is Role.EVENT:
        source = struck_before[-1] if struck_before and chains[place].head.day is not None else place
        standings[place + 1] = Standing(Role.EVENT, replaces=source, corrects=True)
