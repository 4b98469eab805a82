"""Written times: the table of sentences, and what holds for any text."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlu.times import SHANGHAI, TimeSpan, find_time, find_times
from nlu.times.festivals import lunar_day, solar_term
from nlu.times.numbers import first_of_two, normalise, to_int

WEDNESDAY = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of a table, when it was said, and what it says."""

    say: str
    now: datetime
    start: str | None
    end: str | None
    rrule: str | None


HERE = Path(__file__).parent


def _load(path: Path) -> Any:
    # The base loader keeps every value as it is written: a day stays apart from a moment.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


TABLES: dict[str, Any] = _load(HERE / "times.yml")
SUBJECTS = [group for path in sorted((HERE / "times").glob("*.yml")) for group in _load(path)]
ROWS = [
    Row(
        row["say"],
        datetime.fromisoformat(group["now"]).replace(tzinfo=SHANGHAI),
        row.get("start"),
        row.get("end"),
        row.get("rrule"),
    )
    for group in (*TABLES["table"], *TABLES["held_back"], *SUBJECTS)
    for row in group["sentences"]
]


def _written(moment: datetime | None, span: TimeSpan) -> str | None:
    if moment is None:
        return None
    return moment.strftime("%Y-%m-%d" if span.date_only else "%Y-%m-%dT%H:%M")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.say)
def test_table(row: Row) -> None:
    span = find_time(row.say, row.now)
    if row.start is None and row.end is None and row.rrule is None:
        assert span is None
        return
    assert span is not None
    assert (_written(span.start, span), _written(span.end, span), span.rrule) == (row.start, row.end, row.rrule)


@pytest.mark.parametrize(
    ("say", "part"),
    [
        ("明天凌晨抢修", "凌晨"),
        ("今早", "早上"),
        ("打早集合", "早上"),
        ("后天上半天", "上午"),
        ("周六午后", "下午"),
        ("明天傍晚", "傍晚"),
        ("礼拜天擦黑放电影", "擦黑"),
        ("周六晚在广场", "晚上"),
        ("昨夜", "夜间"),
        ("每周六上午", "上午"),
        ("明天晚上八点", None),
        ("明天中午", None),
        ("明天", None),
    ],
)
def test_part_is_named_only_where_no_hour_is(say: str, part: str | None) -> None:
    span = find_time(say, WEDNESDAY)
    assert span is not None
    assert span.part == part
    assert span.date_only == (part is not None or say == "明天")


def test_times_are_given_in_order_with_their_words() -> None:
    text = "签到时间8：30，会议4月20日（星期一）９点开始，4月18日前报名"
    spans = find_times(text, WEDNESDAY)
    assert [span.text for span in spans] == ["8：30", "4月20日（星期一）９点", "4月18日"]
    assert [text[span.offset : span.offset + len(span.text)] for span in spans] == [span.text for span in spans]
    assert spans[2].start is None
    assert spans[2].end == datetime(2026, 4, 18, tzinfo=SHANGHAI)


def test_now_may_be_of_any_zone_and_must_have_one() -> None:
    evening_before = datetime(2026, 4, 14, 23, 30, tzinfo=UTC)
    span = find_time("明天", evening_before)
    assert span is not None
    assert span.start == datetime(2026, 4, 16, tzinfo=SHANGHAI)
    with pytest.raises(ValueError, match="aware"):
        find_time("明天", datetime(2026, 4, 15))  # noqa: DTZ001


def test_just_now_keeps_its_seconds_and_what_is_counted_does_not() -> None:
    now = WEDNESDAY.replace(second=41)
    just, counted = find_time("刚才停电了", now), find_time("半小时后来", now)
    assert just is not None and counted is not None
    assert just.start == now
    assert counted.start == WEDNESDAY + timedelta(minutes=30)


def test_a_sentence_is_read_within_a_millisecond() -> None:
    sentences = [row.say for row in ROWS]
    find_time("明天", WEDNESDAY)
    begin = time.process_time()
    for sentence in sentences:
        find_time(sentence, WEDNESDAY)
    assert (time.process_time() - begin) / len(sentences) < 0.001


@pytest.mark.parametrize(
    "piece",
    [
        *"一1周每上十到 .（",
        "二十",
        "三天",
        "三点",
        "一月",
        "1-",
        "1到2",
        "三天没",
        "5号",
        "每月1号、",
        "周一、",
        "9:30-",
        "2026年",
        "明天下午三点到五点，",
        "我们今天讨论一下停车的事情。",
    ],
)
def test_a_long_text_is_read_in_time_that_grows_with_it(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    begin = time.perf_counter()
    find_times(text, WEDNESDAY)
    assert time.perf_counter() - begin < 60


TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(TABLES["pieces"]), max_size=12).map("".join))
NOWS = st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 28), timezones=st.just(SHANGHAI))  # noqa: DTZ001


@given(text=TEXTS, now=NOWS)
def test_any_text_at_any_time_gives_true_spans(text: str, now: datetime) -> None:
    chosen = find_time(text, now)
    for span in (*find_times(text, now), *([chosen] if chosen else [])):
        assert span.text
        assert text[span.offset : span.offset + len(span.text)] == span.text
        assert span.start or span.end or span.rrule
        if span.start and span.end:
            assert span.start <= span.end
        for moment in (span.start, span.end):
            assert moment is None or moment.tzinfo is SHANGHAI
            assert moment is None or not span.date_only or moment.hour == moment.minute == 0


@given(text=st.text(max_size=80))
def test_normalising_keeps_every_character_in_its_place(text: str) -> None:
    assert len(normalise(text)) == len(text)


@given(number=st.integers(min_value=1, max_value=99))
def test_chinese_numerals_are_read_back(number: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    written = ("" if tens < 2 else digits[tens]) + ("十" if tens else "") + (digits[ones] if ones else "")
    assert to_int(written) == number


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("二零二六", 2026), ("廿三", 23), ("卅", 30), ("两", 2), ("一百二十", 120), ("12", 12), ("零五", 5)],
)
def test_numerals(numeral: str, value: int) -> None:
    assert to_int(numeral) == value


@pytest.mark.parametrize(("numeral", "value"), [("七八", 7), ("两三", 2), ("十一二", 11), ("九十", 9), ("十五", 15)])
def test_two_numbers_for_about(numeral: str, value: int) -> None:
    assert first_of_two(numeral) == value


@pytest.mark.parametrize(
    ("year", "longitude", "day"),
    [
        (2008, 15, date(2008, 4, 4)),
        (2015, 15, date(2015, 4, 5)),
        (2024, 15, date(2024, 4, 4)),
        (2026, 15, date(2026, 4, 5)),
        (2002, 135, date(2002, 8, 8)),
        (2011, 240, date(2011, 11, 23)),
        (2014, 345, date(2014, 3, 6)),
        (2021, 270, date(2021, 12, 21)),
        (2026, 270, date(2026, 12, 22)),
    ],
)
def test_solar_terms_of_the_almanac(year: int, longitude: int, day: date) -> None:
    """The days of the Purple Mountain Observatory's almanac, some of them minutes from midnight."""
    assert solar_term(year, longitude) == day


@pytest.mark.parametrize(
    ("year", "month", "day", "solar"),
    [
        (2026, 1, 1, date(2026, 2, 17)),
        (2026, 5, 5, date(2026, 6, 19)),
        (2025, 8, 15, date(2025, 10, 6)),
        (2025, 12, 30, date(2026, 2, 16)),
        (2026, 12, -1, date(2027, 2, 5)),
    ],
)
def test_lunar_days(year: int, month: int, day: int, solar: date) -> None:
    assert lunar_day(year, month, day) == solar
