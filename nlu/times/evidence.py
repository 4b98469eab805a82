"""The words that tell what has been from what is to come, by how much they tell."""

from __future__ import annotations

import re

from nlu.times.words import pattern_of, words

# 了 tells of what happened, but not at the start of a clause and not after 改, 定, 好 and the like.
_LE = rf"(?<!\A)(?<!{')(?<!'.join(words('not_past_le'))})了(?!解|不得|结|算|哈|吧|才能|再)|(?<=[堆装停占放塞挤坐])满了"
# 停过, 说过一次, 换过没; 来过去 and 过两天 are other words.
_GUO = (
    r"(?<![不莫别])[来去说报修打吵漏开停搞谈办找讲议查听调处闹堵坏问映诉交查看见做写给送借撞骂砸扫检访断]过"
    r"(?![来去后程]|[一两几](?![次回趟遍场顿架]))|[收看听遇碰拿]到过|(?<![不莫别再要])[一-鿿]过(?:[一两三几]|好几)[次回趟遍]|过(?=[没吗])"
)
# 签的合同, 收到的短信: what was done to something that is there now.
_DONE_THING = (
    r"[入离结签领借挖断买装换贴盖建拆种写拍寄租填吃喝杀宰埋](?:好|完|断|坏|走)?的(?!时候)|[收接看拿买遇碰]到的|(?:交|报|(?<![理烫沙头])发)的(?!时候|是)|(?:引起|造成|导致)的"
    r"|(?<![会能要去])[来开修办交定报走布]的(?=$|[一-鿿]{0,3}会(?!议室)|时候|电|水|事|名)"
    r"|(?:什么时候|啥时候|哪个|谁|咋个|怎么|好久)[^,]{1,8}的$|(?:的|活动|合)[照相]片|[的练动会](?:视频|录像|回放)|(?:[会的]|调解|谈话)[记笔]录|(?:反映|投诉|举报|报修)[^,。;!?\n]{0,10}的"
)
# 吵得睡不着, 没修成, 都没人来, 没人: how something was found.
_HOW_IT_WAS = (
    r"[吵闹响臭堵黑脏放吼弄搞乱挤]得(?![行空])|开得(?:太|好|很|多)|[吵打闹漏烧哭]起来|\A了[还都]|\A(?:开始|起)就(?![要得会能可必须不收])|没(?![得有])[一-鿿][成到上完着]|(?<!还)没(?:[来去上下开停修办交报收发给搞弄做吃睡打听参领签]|看[见到]|有?说)"
    r"|(?<!有)没(?:得|有)?人(?:管|理|应|修|来|在|接|开门|处理|接电话)?了?$|都没(?!事|空|时间|问题|关系|得空)"
)
_BY_SOMEBODY = r"(?<![棉盖晒铺将会要能])被(?![子套单告动面罩褥絮芯评选])"
# 看到有人翻墙; not 听到警报不要慌.
_PERCEIVED = r"(?:看[到见]|听[到见]|闻到|发现|遇到|碰[到见])(?![^,]*(?:请|莫|不要|别|及时|立即|马上|务必|回复|回个))"
_AFTER_ALL = "结果(?=[他她我你没又被还不])"
_PAST_WORDS = rf"(?!(?<=有)没|(?<=会)议定)(?:{pattern_of('past').pattern})|(?<!而)已(?!到期)"
_FUTURE_WORDS = (
    rf"(?<![重主必申说])(?!(?<=就)该|(?:请|安排|准备)了)(?:{pattern_of('future').pattern})(?!求|紧|三|过(?![来去]))"
)
_SOMEBODY = r"(?<!没)有人(?![^,]*[吗么不没][^一-鿿]*$)"

STRONG = re.compile(
    f"(?P<past>{_PAST_WORDS}|{_LE}|{_GUO}|{_DONE_THING}|{_HOW_IT_WAS}|{_BY_SOMEBODY}|{_PERCEIVED}|{_AFTER_ALL})|(?P<future>{_FUTURE_WORDS})"
)
_MISHAP = (
    rf"\A(?!.*{pattern_of('concerns').pattern})(?:(?!{pattern_of('remedies', 'future_weak').pattern}).)*?"
    rf"(?:{_SOMEBODY}|(?!(?<=有)没){pattern_of('past_weak').pattern})"
)
WEAK = re.compile(f"(?P<past>{_MISHAP})|(?P<future>{pattern_of('future_weak').pattern})")
FAINT = re.compile(r"(?P<past>(?!))|(?P<future>(?<![起出回过本原])来(?![了的往源])|(?<![过出回])去(?![了过的年]))")
# 因管道破裂停水: the cause has been, what it leads to has not.
CAUSE = re.compile(r"(?:因为?|由于)[^,]*?(?=停[水电气]|[抢检维]修|施工|改|推|延|取消|暂停|封)")
