"""Every figure, counted again by scripts that know nothing of the program: equal."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime, time
from pathlib import Path

import pytest

from jianbao.pipeline.office import make_office

from .conftest import Run, write
from .independent import Fact, recompute, school
from .independent_ledgers import Desk, recompute_ledgers

SHARED = Path(__file__).parents[3] / "shared" / "intake"

DAYS = (datetime(2026, 3, 2, 12), datetime(2026, 3, 3, 12), datetime(2026, 3, 4, 22))
"""Three days of the sample, the last at a time when the evening's temperatures are due too."""

MORE = {
    "旅居史排查/在外教职工.csv": (
        "填报日期,排查轮次,学号或工号,姓名,人员类别,是否到过重点地区,到过的地方,离开日期,目前是否在国（境）外",
        "2026-03-02,第一轮,{staff[0]},{names[0]},教职工,没去过,,,在国外",
        "2026-03-02,第一轮,{staff[1]},{names[1]},教职工,到过,湖北省孝感市,2026-02-01,在国外",
        "2026-03-04,第二轮,{staff[2]},{names[2]},教职工,到过,河南省信阳市,2026-02-20,在境外",
        "2026-03-04,第二轮,99999,不在册,教职工,到过,湖北省,2026-02-20,在境外",
    ),
    "来访登记/南门补登.csv": (
        "日期,校区,校门,来访人,联系电话,被访单位,被访人,到访地点,事由,进入时间,离开时间,体温",
        "2026-03-03,东校区,南门,柯送货,13800008801,教务处,崔昊,行政楼,送货,08:05,08:40,37.6",
        "2026-03-03,东校区,南门,柯送货,13800008801,教务处,崔昊,行政楼,送货,15:05,15:40,36.6",
        "2026-03-03,东校区,南门,无体温,13800008802,教务处,崔昊,行政楼,送货,15:10,15:40,",
        "2026-03-04,西校区,正门,时早走,13800008803,教务处,崔昊,行政楼,送货,16:10,15:40,36.5",
    ),
    "防控物资/补记.csv": (
        "日期,物资,收发,数量,计量单位,校区,领用单位,单号,来源,经手人",
        "2026-03-03,额温枪,发放,70,支,东校区,教务处,B1,,崔昊", "2026-03-03,医用口罩,捐赠,50,只,西校区,,B2,校友,崔昊",
        "2026-03-04,防护服,报损,78,套,西校区,,B3,,崔昊", "2026-03-04,酒精,发放,,瓶,西校区,教务处,B4,,崔昊",
    ),
    "隔离观察/再次观察.csv": (
        "学号或工号,姓名,开始日期,观察地点,房间,解除日期,原因",
        "{staff[3]},{names[3]},2026-02-10,居家,,2026-02-24,自外省返回", "{staff[3]},{names[3]},2026-03-03,校内观察点,304,,有接触史",
        "{students[7]},{pupils[7]},2026-02-17,居家,,2026-03-04,自外省返回", "99999,不在册,2026-03-02,居家,,,自外省返回",
    ),
    "就业周报/更正.csv": (
        "填报日期,学院,毕业生数,已签约,升学,求职中,填报人", "2026-03-03,外国语学院,41,15,6,20,范钊",
        "2026-03-04,经济管理学院,36,30,20,1,叶峻煜",
    ),
    "会议任务/补充任务.csv": (
        "任务编号,会议编号,任务,责任单位,责任人,布置日期,完成期限,完成日期", "R21,H2026-03,印制通行证,教务处,崔昊,2026-03-03,2026-03-03,",
        "R22,H2026-03,清点钥匙,教务处,崔昊,2026-03-03,2026-03-03,2026-03-01",
    ),
    "咨询与心理支持/补登.csv": (
        "日期,线路,编号,类别,内容,答复情况,接听人",
        "2026-03-03,咨询邮箱,B01,返校,略,已答复,崔昊", "2026-03-03,传真,B02,返校,略,已答复,崔昊",
    ),
    "宣传登记/补登.csv": (
        "发布日期,渠道,形式,题目,阅读量,链接", "2026-03-02,微博,推送,体温怎么量,1250,", "2026-03-03,微博,推送,体温怎么量,,",
    ),
    "场所消毒/补登.csv": (
        "日期,场所,时间,消毒剂,消毒人", "2026-03-04,东校区行政楼,18:30,含氯消毒剂,崔昊", "2026-03-04,没有的地方,18:30,含氯消毒剂,崔昊",
    ),
}  # fmt: skip
"""What a real week brings beside the sample: who answers again, comes twice, corrects, is unknown, or leaves a cell blank."""


def stated(run: Run, root: Path, moment: datetime) -> dict[str, Fact]:
    """Return what the program states."""
    said = run(root, "figures", "--date", f"{moment.date()}", "--as-of", f"{moment:%Y-%m-%dT%H:%M}", "--format", "json").output
    return {name: (f["value"], f["received"], f["expected"]) for name, f in json.loads(said)["figures"].items()}


def recounted(inbox: Path, moment: datetime, scratch: Path) -> dict[str, Fact]:
    """Return what a clerk counts, by hand."""
    desk = Desk(inbox, moment.date(), moment, school(inbox, scratch), scratch)
    return recompute(inbox, moment.date(), scratch) | recompute_ledgers(desk)


def test_every_figure_of_three_sample_days_is_counted_alike(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "office"
    make_office(root, school="榆溪学院", office="防控工作办公室")
    run(root, "sample", "--small", "--days", "3")
    people = school(root / "inbox", tmp_path)
    words = {"staff": list(people.staff), "names": list(people.staff.values()),
             "students": list(people.students), "pupils": list(people.students.values())}  # fmt: skip
    for name, lines in MORE.items():
        write(root / "inbox" / name, "".join(f"{line}\n" for line in lines).format(**words))
    for moment in DAYS:
        assert recounted(root / "inbox", moment, tmp_path) == stated(run, root, moment), moment


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder ../shared is not here")
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here: .xls and .ods cannot be converted")
def test_every_figure_of_the_day_as_it_arrives_is_counted_alike(tmp_path: Path, run: Run) -> None:
    root, moment = tmp_path / "office", datetime.combine(date(2020, 2, 6), time(12))
    make_office(root, school="榆溪学院", office="防控工作办公室")
    for folder in (p for p in SHARED.iterdir() if p.is_dir()):
        shutil.copytree(folder, root / "inbox" / folder.name)
    counted = recounted(root / "inbox", moment, tmp_path)
    assert counted == stated(run, root, moment)
    assert (counted["staff_returned_total"][0], counted["students_on_campus"][0]) == (30, 0)
