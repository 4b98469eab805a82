"""Gives back the characters that look like radicals of the dictionary, whose code points pdf fonts often put for them.

⼈⺠ (U+2F08, U+2EA0) is printed exactly as 人民 is, and means it; nobody writes of the radicals themselves.
"""

from __future__ import annotations

import unicodedata

# The Kangxi radicals say in Unicode which character they equal; those of the supplement do not.
_KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_SUPPLEMENT = (
    "⺁厂⺅亻⺈刀⺉刂⺋㔾⺌小⺍小⺏尢⺒巳⺓幺⺔彑⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺟母⺠民⺡氵⺢水⺣灬⺤爫⺥爫⺦丬⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罒"
    "⺲罒⺳罓⺶羊⺷羊⺸羊⺹耂⺻肀⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞"
    "⻝食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_CHARACTERS = _KANGXI | dict(zip(map(ord, _SUPPLEMENT[::2]), _SUPPLEMENT[1::2], strict=True))


def without_radicals(text: str) -> str:
    """`text` with the characters that are meant."""
    return text.translate(_CHARACTERS)
