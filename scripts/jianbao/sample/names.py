"""Names, identity numbers and telephone numbers of people who do not exist.

The privacy gate stops a page that holds a roster name. So the names here are made of given-name characters
that official Chinese does without, and of surnames that open no common word before them: no name can turn
up in a page by accident.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random
from typing import Final

from stdnum.iso7064 import mod_11_2

_FREQUENT: Final = "王李张刘陈杨赵黄吴徐孙朱"
_OTHERS: Final = (
    "胡郭林罗梁宋郑韩唐冯董曹袁邓傅沈彭吕卢蒋蔡贾丁魏薛叶阎潘杜戴汪姜范邹熊孟秦邱侯尹龚贺"
    "邵钱覃郝赖崔廖姚谭韦翟殷柯聂戚裴霍倪阮喻俞卞岑翁鲍柳樊詹滕兰巫颜褚虞臧阙蔺邬"
)
_SURNAMES: Final = _FREQUENT * 5 + _OTHERS
_GIVEN: Final = (
    "梓涵芸薇昱煜霖晟皓轩婷莉倩妍萱琪瑶璇蕾雯颖岚曦睿翰骏鑫淼峻嵩彬钰锐恺昊晖煊烨炜琛璐祺翊"
    "茜菲萌蓓宸尧彦媛嫣妤婕娟燕鹤鹏麒骥楠桦榕栩柠桐杉棠珂玥珺琳琦瑜璟铠钊韬"
)
_SHORT_NAMES: Final = 0.12
REGION: Final = "990101"
"""A region code that no place has."""


def lot(*words: object) -> Random:
    """Return a source of chance that the same words give the same course, on every machine."""
    return Random("/".join(map(str, words)))  # a sample, no secret


def pick(random: Random, choices: str | tuple[str, ...]) -> str:
    """Return one of some texts or characters, each as likely."""
    return choices[int(random.random() * len(choices))]


def person_name(random: Random) -> str:
    """Return a name, of three characters mostly, else of two."""
    surname, first = pick(random, _SURNAMES), pick(random, _GIVEN)
    if random.random() < _SHORT_NAMES:
        return surname + first
    second = pick(random, _GIVEN)
    return surname + first + second


class IdentityNumbers:
    """Identity numbers (GB 11643), each given once: region, birth date, running number, ISO 7064 check digit."""

    def __init__(self) -> None:
        self._given: Counter[date] = Counter()

    def of(self, born: date) -> str:
        """Return the next number of a birth date."""
        self._given[born] += 1
        number = f"{REGION}{born:%Y%m%d}{self._given[born]:03d}"
        return number + str(mod_11_2.calc_check_digit(number))


def phone(serial: int) -> str:
    """Return a mobile number of the block 1380000, in which `serial` runs round."""
    return f"1380000{serial % 10_000:04d}"
