"""What staff say with the code of a household's card."""

from __future__ import annotations

import pytest

from nlu.household_codes import HouseholdWish, read_household

CASES = {
    "家庭码 ABCD2345 报：楼道灯坏了": (HouseholdWish.REPORT, "楼道灯坏了"),
    "家庭码：abcd-2345，厨房水管漏水": (HouseholdWish.REPORT, "厨房水管漏水"),
    "帮家庭码ABCD2345登记一个：灯坏了": (HouseholdWish.REPORT, "灯坏了"),
    "ABCD 2345 代报：楼上天天吵": (HouseholdWish.REPORT, "楼上天天吵"),
    "家庭码是ABCD2345，陈桂英签到": (HouseholdWish.CHECK_IN, "陈桂英签到"),
    "户码 ABCD2345 签退": (HouseholdWish.CHECK_OUT, "签退"),
    "家庭码 ABCD2345 登记 陈桂英，72岁": (HouseholdWish.REGISTER, "陈桂英，72岁"),
    "家庭码 ABCD2345 给她登记，叫陈桂英": (HouseholdWish.REGISTER, "陈桂英"),
    "家庭码 ABCD2345 删掉陈桂英的登记": (HouseholdWish.ERASE, "删掉陈桂英的登记"),
    "家庭码 ABCD2345": (HouseholdWish.SHOW, ""),
}


@pytest.mark.parametrize("text", CASES)
def test_what_is_wanted_for_a_household(text: str) -> None:
    said = read_household(text)
    assert said is not None
    assert (said.code, said.wish, said.words) == ("ABCD2345", *CASES[text])


@pytest.mark.parametrize(
    "text", ["家庭码怎么用", "007转给王芳", "电话13800138000", "绑定 ABCD2345", "家庭码 ABCD23456"]
)
def test_what_says_no_code_of_a_household(text: str) -> None:
    assert read_household(text) is None
