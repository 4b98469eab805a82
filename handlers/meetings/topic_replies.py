"""Every sentence that the bot says about topics, and about what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.forms.replies import YES
from handlers.meetings import minutes_replies
from handlers.meetings.replies import described
from handlers.phrases import day, moment
from handlers.turn import Choice, Reply
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.meetings import MeetingState
from storage.topics import TopicState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from handlers.meetings.minutes_replies import Known
    from storage.meetings import Meeting
    from storage.topics import Topic

ANEW = "另外提"


def named(topic: Topic) -> str:
    """A topic by its number and words."""
    return f"议题{topic.id}号“{topic.text}”"


def _counted(topic: Topic) -> str:
    return f"{len(topic.seconds)}人附议" if topic.seconds else "还没有人附议"


def _day(at: datetime) -> str:
    return day(at.astimezone(SHANGHAI).date())


def _second(topic: Topic, label: str = "附议") -> Choice:
    return Choice(label, Intent.PROPOSE_TOPIC, f"附议{topic.id}号")


def about_proposal(_values: dict[str, Any]) -> str:
    """What proposing is called while it is not done."""
    return "提议题"


def about_answer(_values: dict[str, Any]) -> str:
    """What answering is called while it is not done."""
    return "答复议题"


def ask_text(_values: dict[str, Any]) -> Reply:
    """What it is about."""
    return Reply("想议什么事？一句话说就行，比如“停车位怎么分”。")


def read_back(values: dict[str, Any]) -> Reply:
    """What everybody will read, to be confirmed."""
    return Reply(
        f"提给{values['area']}的议题：“{values['text']}”。邻居看得到这句话，可以附议，看不到是谁提的。对不对？",
        (YES, Choice("不对", Intent.DENY)),
    )


def proposed(topic: Topic) -> Reply:
    """To whoever proposed it."""
    return Reply(
        f"提上去了，是{named(topic)}，已经告诉负责的工作人员。有人附议、定了会或者不议，都会告诉您。邻居说“附议{topic.id}号”就能附议。"
    )


def proposed_already(topic: Topic, text: str) -> Reply:
    """Somebody has proposed that before."""
    return Reply(
        f"这件事有人提过了：{named(topic)}，{_counted(topic)}。您要附议，还是另外提？",
        (_second(topic), Choice("不一样，另外提", Intent.PROPOSE_TOPIC, f"{ANEW}一个议题：{text}")),
    )


def too_many(most: int) -> str:
    """Somebody has proposed much that waits."""
    return f"您已经有{most}个议题在等答复了，等有了答复再提新的。说“撤回议题”加编号可以撤掉一个。"


def only_staff_answer() -> str:
    """A resident cannot answer a topic."""
    return "议题上不上会，由社区的工作人员答复。您可以说“附议”支持，或者说“撤回议题”撤掉自己提的。"


def listed(topics: Sequence[Topic]) -> Reply:
    """What waits for an answer."""
    lines = "\n".join(f"· {named(topic)}，{_counted(topic)}" for topic in topics)
    return Reply(f"等着答复的议题：\n{lines}", tuple(_second(topic, f"附议{topic.id}号") for topic in topics))


def which(topics: Sequence[Topic]) -> Reply:
    """Several could be meant."""
    return Reply("附议哪一个？", tuple(_second(topic, f"{topic.id}号：{topic.text[:20]}") for topic in topics))


def none_waiting() -> Reply:
    """No topic waits."""
    return Reply("现在没有等着附议的议题。想提一个就直接说，比如“建议议一下停车位”。")


def not_waiting() -> str:
    """There is no such topic, or it was answered."""
    return "没有这个编号的议题在等附议。说“有哪些议题”可以看现在有的。"


def your_own(topic: Topic) -> str:
    """Nobody seconds what they proposed."""
    return f"{named(topic)}是您自己提的，不用附议。现在{_counted(topic)}。"


def seconded_already(topic: Topic) -> str:
    """Once a person."""
    return f"{named(topic)}您附议过了，一人一次。现在{_counted(topic)}。"


def seconded(topic: Topic) -> Reply:
    """To whoever seconds."""
    return Reply(f"附议好了。{named(topic)}，现在{_counted(topic)}。有进展会告诉您。")


def count_reached(topic: Topic) -> Reply:
    """To the proposer."""
    return Reply(f"您提的{named(topic)}，已经有{_counted(topic)}了。")


def to_answer(topic: Topic) -> Reply:
    """To staff: what residents want to consult about."""
    return Reply(
        f"居民提的{named(topic)}（{topic.area.name}），{_counted(topic)}。请答复：开会议，还是不议、为什么。",
        _answers(topic),
    )


def still_to_answer(topic: Topic, now: datetime) -> Reply:
    """To staff, after a while."""
    days = (now - topic.created_at).days
    return Reply(f"{named(topic)}（{topic.area.name}）提了{days}天还没有答复，{_counted(topic)}。", _answers(topic))


def _answers(topic: Topic) -> tuple[Choice, ...]:
    return (
        Choice("开会议", Intent.PROPOSE_TOPIC, f"议题{topic.id}号上会"),
        Choice("不议，说明原因", Intent.PROPOSE_TOPIC, f"议题{topic.id}号不议"),
    )


def which_to_answer(topics: Sequence[Topic]) -> Reply:
    """Several wait."""
    lines = "\n".join(f"· {named(topic)}，{_counted(topic)}" for topic in topics)
    return Reply(f"答复哪一个？说编号，比如“议题{topics[0].id}号上会”“议题{topics[0].id}号不议，因为……”。\n{lines}")


def nothing_to_answer() -> str:
    """No such topic waits for this member of staff."""
    return "没有这个议题在等您答复，可能已经答复过了，或者不在您管的范围里。"


def answer_here(text: str) -> Reply:
    """In the private talk: go on with what was said in a group."""
    return Reply("您在群里答复议题，在这里接着办。", (Choice("接着办", Intent.PROPOSE_TOPIC, text),))


def in_private() -> Reply:
    """In the group."""
    return Reply("这个我私下跟您办。")


def ask_why(values: dict[str, Any]) -> Reply:
    """A no wants a reason."""
    return Reply(f"议题{values['topic']}号“{values['text']}”为什么不议？这句话会告诉提的人和附议的人。")


def read_answer_back(values: dict[str, Any]) -> Reply:
    """The answer, to be confirmed."""
    seconds = f"和附议的{values['seconds']}人" if values["seconds"] else ""
    return Reply(
        f"答复议题{values['topic']}号“{values['text']}”：这次不议，原因是：{values['why']}\n会告诉提的人{seconds}。对不对？",
        (YES, Choice("不对", Intent.DENY)),
    )


def answered(topic: Topic, told: int) -> Reply:
    """To staff."""
    return Reply(f"答复了{named(topic)}，告诉了{told}人。")


def declined(topic: Topic) -> Reply:
    """To those who follow it."""
    return Reply(
        f"{named(topic)}这次不议。社区的答复：{topic.answer}\n不清楚的可以说“转人工”。",
        (Choice("转人工", Intent.TALK_TO_HUMAN),),
    )


def taken_up(topic: Topic, meeting: Meeting) -> Reply:
    """To those who follow it."""
    return Reply(f"您提的或者附议的{named(topic)}要开会议了：{described(meeting)}。")


def put_on(topics: Sequence[Topic]) -> Reply:
    """To whoever called the meeting."""
    names = "、".join(named(topic) for topic in topics)
    return Reply(f"居民提的{names}放到这个会上议，提的人和附议的人都告诉了。")


def nothing_to_withdraw() -> str:
    """Nothing that can be taken back."""
    return "没有可以撤的议题：可能不是您提的、附议的，或者已经有了答复。"


def which_to_withdraw(topics: Sequence[Topic]) -> Reply:
    """Several could be meant."""
    choices = tuple(
        Choice(f"{topic.id}号：{topic.text[:20]}", Intent.PROPOSE_TOPIC, f"撤回议题{topic.id}号") for topic in topics
    )
    return Reply("撤回哪一个？", choices)


def withdrawn(topic: Topic) -> Reply:
    """To whoever proposed it."""
    return Reply(f"{named(topic)}撤回了，附议的人也告诉了。")


def second_withdrawn(topic: Topic) -> Reply:
    """To whoever had seconded it."""
    return Reply(f"您不再附议{named(topic)}了，现在{_counted(topic)}。")


def was_withdrawn(topic: Topic) -> Reply:
    """To those who had seconded it."""
    return Reply(f"您附议的{named(topic)}，提的人撤回了。还想议的话您可以自己提。")


def known_of_topics(topics: Sequence[Topic], tell: Callable[[Meeting], str]) -> Reply:
    """Everything that is known of these; `tell` says how far a meeting has come."""
    choices = tuple(_second(topic, f"附议{topic.id}号") for topic in topics if topic.state is TopicState.PROPOSED)
    return Reply("\n".join(_known(topic, tell) for topic in topics), tuple(_beside(each) for each in choices))


def _beside(choice: Choice) -> Choice:
    return Choice(choice.label, choice.intent, choice.says, beside=True)


def _known(topic: Topic, tell: Callable[[Meeting], str]) -> str:
    said = f"{named(topic)}，{_day(topic.created_at)}提的，{_counted(topic)}。"
    match topic.state:
        case TopicState.PROPOSED:
            return f"{said}还在等社区答复，有了答复会告诉提的人和附议的人。"
        case TopicState.DECLINED:
            when = f"{_day(topic.answered_at)}" if topic.answered_at else ""
            return f"{said}社区{when}答复：这次不议，{topic.answer}"
        case TopicState.WITHDRAWN:
            return f"{said}提的人撤回了。"
        case _:
            return said + (tell(topic.meeting) if topic.meeting else "")


def known_of_meetings(meetings: Sequence[Meeting], tell: Callable[[Meeting], str]) -> Reply:
    """Everything that is known of these; `tell` says how far a meeting has come."""
    return Reply("\n".join(map(tell, meetings)))


def state_of_meeting(meeting: Meeting, now: datetime, found: Known) -> str:
    """How far a meeting has come, and what of it is known."""
    if meeting.state is MeetingState.CANCELLED:
        return f"{meeting.title}（{moment(meeting.start)}）取消了。"
    if meeting.start > now:
        voted = "".join(f"\n{sentence}" for sentence in found.ballots)
        return f"会还没有开：{described(meeting)}。开了才有结果。{voted}"
    topics = f"议的是{'、'.join(meeting.topics)}" if meeting.topics else "没有记议题"
    held = f"{meeting.title}{moment(meeting.start)}在{meeting.place}开的，{topics}。"
    return f"{held}{minutes_replies.known(meeting, found)}"


def nothing_known() -> Reply:
    """Nothing of that kind is known."""
    return Reply(
        "没有查到您说的会或者议题。说“最近要开啥会”看要开的会，“有哪些议题”看提了的议题；别的可以说“转人工”问社区。",
        (Choice("转人工", Intent.TALK_TO_HUMAN, beside=True),),
    )
