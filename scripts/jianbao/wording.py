"""A finding in words: what, found, expected, and what to do next, for whoever filled the sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from jianbao.messages import _
from jianbao.values import Code, Finding, FindingBlock


def findings(blocks: Iterable[FindingBlock]) -> list[Finding]:
    """Return the blocks' findings one by one, in the order of file, sheet, row and column."""
    found = [(block, at, finding) for block in blocks for at, finding in _each(block)]
    found.sort(key=lambda f: (f[2].file, f[2].sheet or "", f[1], f[2].code))
    return [finding for _block, _at, finding in found]


def _each(block: FindingBlock) -> Iterator[tuple[tuple[int, int], Finding]]:
    rows = block.rows.tolist() or [0]
    for i, (cell, found, expected) in enumerate(block.cells()):
        column = block.columns if isinstance(block.columns, int) else block.columns[i] if block.columns else 0
        yield (
            (rows[i], column),
            Finding(
                code=block.code,
                severity=block.severity,
                file=block.file,
                sheet=block.sheet,
                cell=cell,
                field=block.field,
                found=found,
                expected=expected,
                message=sentence(block, found, expected),
            ),
        )


def sentence(block: FindingBlock, found: str | None, expected: str | None) -> str:
    """Return the sentence for one finding of a block."""
    template = _sentences().get(block.code)
    if template is None:  # a rule of the form's own: its sentence stands in the form
        return block.note or block.code
    words = {"title": block.title or block.field or "", "found": found or "", "expected": expected or "", "note": block.note or ""}
    text = template.format(**words)
    return text + _("（{note}）").format(note=block.note) if block.note and "{note}" not in template else text


def _sentences() -> Mapping[str, str]:
    return {
        Code.MISSING_REQUIRED: _("“{title}”必填，此处为空，请补填。"),
        Code.BAD_TYPE: _("“{title}”填的是“{found}”，应为：{expected}，请改正。"),
        Code.BAD_DATE: _("“{title}”填的是“{found}”，应为：{expected}，请改正。"),
        Code.OUT_OF_RANGE: _("“{title}”填的是“{found}”，应为：{expected}，请核对后改正。"),
        Code.NOT_IN_LIST: _("“{title}”填的是“{found}”，可选：{expected}。请从中选填。"),
        Code.UNKNOWN_PERSON: _("“{title}”{found} 不在花名册中，请核对号码；新来的人请先补进花名册。"),
        Code.UNKNOWN_UNIT: _("单位“{found}”不在单位名单中，请写单位全称。"),
        Code.NAME_MISMATCH: _("姓名“{found}”与花名册中该号码的姓名不符，请核对号码和姓名。"),
        Code.DUPLICATE_ROW: _("“{title}”{found} 重复填报，{note}{expected}。"),
        Code.CONFLICTING_ROWS: _("“{title}”{found} 填报了两次且内容不同，两次都不计入，请核实后只留一行。{note}"),
        Code.LEADING_ZEROS_LOST: _("“{title}”{found} 丢了前面的 0，已按花名册恢复为 {expected}；请把该列设为文本格式。"),
        Code.PRECISION_LOST: _("“{title}”的号码过长，被表格存成了数字，末几位已不准；请把该列设为文本格式后重填。"),
        Code.FORMULA_ERROR: _("“{title}”是公式错误 {found}，没有值；请直接填写内容。"),
        Code.NOTE_IN_CELL: _("“{title}”填的是“{found}”，已取其中的值；说明请写在备注列。"),
        Code.HEADER_NOT_FOUND: _("没有找到表头：{note}。请使用下发的表格，不要改动表头。"),
        Code.UNKNOWN_COLUMN: _("列“{found}”不在表单中，没有读取。"),
        Code.FORM_AMBIGUOUS: _("分不清这是哪一种表：{expected}。请放进以表名命名的文件夹。"),
        Code.ENCRYPTED_WORKBOOK: _("{note}，无法读取；请取消密码后重交。"),
        Code.UNREADABLE_WORKBOOK: _("文件无法读取：{note}。请重新导出后再交。"),
        Code.CONTRADICTION: _("单位报告为零，但本单位人员的填报有情况，请立即核实并重报。{note}"),
        Code.COUNT_MISMATCH: _("“{title}”填的是 {found}，按花名册和已收到的填报应为 {expected}，请核对。"),
        Code.REPORTER_UNKNOWN: _("填报人“{found}”不是单位名单中登记的信息员（{expected}）。"),
        Code.BACK_DATED_CHANGE: _("已发布日期的数据被改动：{note}。"),
        Code.STALE_COPY: _("与 {expected} 收到的文件完全相同，没有今天的新内容，不计入今天。"),
        Code.SOURCE_NOT_REACHED: _("这个来源这次没有读到，其中的报告不算漏报：{note}"),
        Code.RECORD_ALTERED: _("该单位的发布记录对不上，没有采用：{note}。请与该单位核实，改好后再运行。"),
        Code.COPIED_ANSWERS: _("{note}：{found} 人的“{title}”连续 {expected} 天逐人相同，像是照抄，请核实。"),
        Code.ONE_VALUE: _("{note}：{expected} 人的“{title}”全部是 {found}，请核实是不是逐人测量的。"),
        Code.SAME_MINUTE: _("{note}：{expected} 人都在 {found} 这一分钟提交，请核实是不是逐人填报的。"),
        Code.UNUSUAL_JUMP: _("“{title}”是 {found}，前些天在 {expected} 之间，变动异常，请核实。"),
        Code.FORM_VERSION: _("这张表按表单第 {found} 版制作，现用第 {expected} 版；已照现用的读取，下次请用新表。"),
        Code.FELL_SILENTLY: _("“{title}”是累计数，只增不减，却从 {expected} 变为 {found}；请核实。"),
        Code.NOT_ONE_CLASS: _("分类规则没有把每个人放进恰好一类：{note}。请在表单中改正规则；名单见“分类核对”。"),
        Code.NOT_BALANCED: _("“{title}”是 {found}，按昨日数加今日进、减今日出应为 {expected}；请核对名册中被改动或删去的行。"),
    }


CODES: Final = tuple(Code)
