"""Written times: what moment, day, range or repetition a Chinese sentence means, seen from the moment it was sent.

Where the conventions leave a choice open, this is what the package does:

- A single day has a start and no end. 上个月, 下周 and 周末 have both; 起, 开始, 以来 take the end away, 前, 截止, 内
  the start.
- 20号到25号 said on the 22nd is the range under way. A repeat without an hour can fall on the day of now.
- 周末 said on a Sunday is the one under way, and with an hour it is Saturday's. Hours on several days that are
  named (明后两天上午9点) repeat daily with a COUNT. 周一到周五 with hours is a rule only for office hours.
- 06:30 is written by the 24-hour clock, and so is the 6 of 6点到18点; 6:30 and 6点 alone are the afternoon's.
- 每隔一天 and 隔周 have INTERVAL=2, and so has 每隔两周, as people use it.
- 月初 and 年初 are the first day, 月中 is the 15th, 上旬, 中旬 and 下旬 are ten days; 小年 is the 23rd of 腊月.
- 漏了三天了 starts three days ago; 三天内 ends in three days. 工作日 in 三个工作日内 are Monday to Friday.
- 从昨晚到现在 has no end: it goes on. 前几天, 这几天, 最近, 过几天, 那天 name no day. 现在 is a time only in 现在起.
- Without words of the past or the future a bare time is the next one.
- A meeting that is put off with no new date (延期，时间另行通知) has none; one whose new date has no hour has no hour,
  unless the text says 时间不变. A correction (不对，周五) keeps the hours that it does not correct.
- A deadline for signing up, answering or handing in gives way to a time at which something starts.
- What comes after a deadline is the event (周五前清理，周六检查), and a deadline says more than 今天 alone.
- Where words of the past and the future contradict each other, the much nearer of the last and the next such date is
  meant; what goes on from a date that has just been (从五一开始每天) has begun then.
- 腊月三十 is the last day of a 腊月 of 29 days, too. 年前 is before the Spring Festival.
- 7月份的电费 says for which month something is: any other time is asked first, and alone it is the nearest such month.
- Of several days in a text none is meant to lie a year away: a date that has just been is then the last one.
- What is moved only in case of rain (如遇大雨顺延至5日) stays. Preparing for an event (彩排) is not the event.
- A rule in a clause of its own begins on the day of 开课, 开业 or 第一次 and ends on that of 结束 or 结课.
- An hour on one day of a range (5月12日至18日宣传周，16日上午10点演练) is a part of it, not a more exact time.
- 提前 moves what is held, not those who come (提前十分钟到场) or call (提前一天预约).
- What cannot be written with FREQ, INTERVAL, BYDAY, BYMONTHDAY and COUNT has no rule: 每月初一, 每年中秋.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.times.events import event_of
from nlu.times.reading import read
from nlu.times.span import SHANGHAI, TimeSpan

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["SHANGHAI", "TimeSpan", "find_time", "find_times"]


def find_time(text: str, now: datetime) -> TimeSpan | None:
    """The time of the event that `text` speaks of, or None where it says none or a day that does not exist.

    `now` is when the text was sent and must be aware; ValueError otherwise.
    """
    return event_of(read(text, _local(now)))


def find_times(text: str, now: datetime) -> tuple[TimeSpan, ...]:
    """Every time that `text` says, in order, those of signing up, deadlines and struck-out ones included.

    `now` is when the text was sent and must be aware; ValueError otherwise.
    """
    return tuple(reading.span for reading in read(text, _local(now)).readings if reading.span)


def _local(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    return now.astimezone(SHANGHAI)
