"""How people write the words around the data: headers, totals, signatures, notes.

Pure text: nothing here knows a sheet or a form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_SPACE: Final = re.compile(r"[\s\u200b\u200c\u200d\ufeff]+")
_MARKS: Final = re.compile(r"[*★☆※●•▲#]+")
_NUMBERING: Final = re.compile(r"^(?:\(?(?:Q|q|第)?\d{1,3}(?:题)?[、.:),\-_]|\(\d{1,3}\)|[一二三四五六七八九十]{1,3}、)(?=\D)")
_CIRCLED: Final = re.compile(r"^\s*[①-⑳]")
_BRACKETED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>|「[^「」]*」")
_TAIL: Final = re.compile(r"[:?。.,;_!…~\-]+$")
_POLITE_HEAD: Final = re.compile(
    r"^(?:请(?:您|你)?(?:如实)?(?:填写|输入|选择|填报|问)?(?:您|你|本人|个人)?的?|(?:今天|今日|目前|当前|现在)?(?:您|你|本人|个人|填报人员)的?|填写|输入)"
)
_POLITE_TAIL: Final = re.compile(r"(?:是多少|为多少|是什么|是哪里|在哪里|是否正常|如何|怎样|是|为|吗|呢)?(?:°C|摄氏度|度)?$")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return text in one form: full-width as half-width (NFKC), no white space, no zero-width characters."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def header_keys(text: str) -> tuple[str, ...]:
    """Return what a header may be known by, the most literal first.

    Off come numbering (`1、`), stars, 必填 and other brackets, colons, and the courtesies of a questionnaire.
    """
    literal = _TAIL.sub("", _NUMBERING.sub("", _MARKS.sub("", plain(_CIRCLED.sub("", text)))))
    keys = [literal]
    bare = _TAIL.sub("", _BRACKETED.sub("", literal))
    keys.append(bare)
    keys.append(_TAIL.sub("", _POLITE_TAIL.sub("", _POLITE_HEAD.sub("", bare))))
    return tuple(dict.fromkeys(k for k in keys if k))


BOOKKEEPING: Final = frozenset({
    "序号", "编号", "序", "行号", "no", "NO", "No", "id", "ID", "提交者", "提交人", "提交序号", "答卷编号", "所用时间", "来源", "来源详情",
    "来自IP", "IP", "IP地址", "总分", "得分", "填写时长", "答题时长", "填写设备", "操作系统", "浏览器", "微信昵称", "昵称", "用户ID",
    "openid",
    "备注", "审核状态", "审核人", "状态", "修改时间", "更新时间", "最后修改时间", "填写ID", "填写人ID", "省", "市", "地理位置", "用户标识",
})  # fmt: skip
"""Columns that forms' exports and tables carry for themselves: passed over without a word, where no form asks for them."""

_TOTAL: Final = re.compile(
    r"^(?:本页|本表|全校|全院|全系|部门|学院|单位|人数|当日|累计)?(?:合计|总计|小计|汇总|共计|总人数|总数|平均|合计数|总和|累计)"
)
_TOTAL_SENTENCE: Final = re.compile(r"^(?:以上|本表|本页|全校|本单位|本部门|本学院|总|共)?共?(?:计|有)?\d+(?:人|名|条|行|例)[。.]?$")
_SIGNATURE: Final = re.compile(
    r"^(?:填报|填表|制表|制单|审核|审批|复核|核对|经办|统计|录入|报送|上报|填写|分管|主管|部门|单位|学院|科室|处室|党总支)?"
    r"(?:填报人|填表人|制表人|审核人|审核|审批|复核|核对人|经办人|统计人|录入人|负责人|领导|书记|院长|处长|主任|签字|签名|签章|盖章|制表|填表|填报|"
    r"联系人|联系电话|联系方式|电话|日期|时间|填表日期|填报日期|制表日期|填报时间|报送时间|单位盖章|公章)"
    r"(?:\(?(?:签字|签名|盖章|签章|公章)\)?)?[:_]"
)
_SIGNED: Final = re.compile(r"(?:\(?(?:签字|签名|盖章|签章|公章)\)?)[:_]*$")
_NOTE: Final = re.compile(
    r"^(?:注|备注|说明|填表说明|填报说明|注意|注意事项|附注|提示|要求|填写说明|特别说明)\d*[:.、]|^(?:注|说明)$|^注\d"
)


def is_total(text: str) -> bool:
    """Return whether a cell's text opens a total row."""
    word = plain(text)
    return bool(_TOTAL.match(word) or _TOTAL_SENTENCE.match(word))


def is_signature(text: str) -> bool:
    """Return whether a cell's text is a place to sign, or a note beside the table."""
    word = plain(text)
    return bool(_SIGNATURE.match(word) or _SIGNED.search(word) or _NOTE.match(word))


_HINT_NOISE: Final = re.compile(
    r"\d{4}年|\d{1,2}月\d{1,2}[日号]|\d{1,2}月|\d+[日号期版]|[\d._\-—~+()（）【】\[\]《》、,，。:：#&=]+|副本|最终版?|更新版?|最新版?|修改版?|(?<=.)表$|v\d+|V\d+"
)


def hint_keys(text: str) -> Iterator[str]:
    """Yield what a folder or file name says when dates, numbers and brackets are taken off, the fullest first."""
    whole = plain(text)
    yield _HINT_NOISE.sub("", whole)
    bare = _HINT_NOISE.sub("", _BRACKETED.sub("", whole))
    yield bare
