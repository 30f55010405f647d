"""Names, phones, numbers and identity numbers are found wherever they stand; everyday words and signatories can be allowed."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from jianbao.checks.privacy import Hit, People, check_privacy, is_identity_number, suggested_phrase

PEOPLE: Final = People(
    frozenset({"施彩辉", "高强", "云 涵", "强"}),
    frozenset({"00123", "2019000001", "S20190001", "2019-0002", "0042", "990101198001010010", "13800000009"}),
)


def identity(stem: str) -> str:
    return stem + mod_11_2.calc_check_digit(stem)


WITH_X: Final = next(i for n in range(100) if (i := identity(f"990101199001010{n:02d}")).endswith("X"))


def found(text: str, people: People = PEOPLE, path: str = "a.md") -> set[tuple[str, str]]:
    """Return (kind, what was found) of a page."""
    return {(h.kind, h.found) for h in check_privacy([(path, text.encode())], people)}


HITS: Final[list[tuple[str, str, str]]] = [
    ("施彩辉老师", "姓名", "施彩辉"),
    ("施 彩<b>辉</b>老师", "姓名", "施彩辉"),
    ("高强度", "姓名", "高强"),
    ("云涵到会", "姓名", "云涵"),
    ("云 涵到会", "姓名", "云 涵"),
    ("工号00123。", "人员号码", "00123"),
    ("(00123)", "人员号码", "00123"),
    ("00 123", "人员号码", "00123"),
    ("００１２３", "人员号码", "00123"),
    ("s20190001", "人员号码", "s20190001"),
    ("学号2019-0002", "人员号码", "2019-0002"),
    ("工号：0042", "人员号码", "0042"),
    ("工号是0042号", "人员号码", "0042"),
    ("13812345678", "手机号", "13812345678"),
    ("电话13812345678转1", "手机号", "13812345678"),
    ("138-1234-5678", "手机号", "138-1234-5678"),
    ("138 1234 5678", "手机号", "138 1234 5678"),
    ("138 123 45678", "手机号", "13812345678"),
    ("+8613812345678", "手机号", "8613812345678"),
    ("008613812345678", "手机号", "008613812345678"),
    ("１３８１２３４５６７８", "手机号", "13812345678"),
    (f"证件{identity('99010119951212001')}", "身份证号", identity("99010119951212001")),
    (WITH_X.lower(), "身份证号", WITH_X.lower()),
    (f"{WITH_X[:6]} {WITH_X[6:14]} {WITH_X[14:]}", "身份证号", WITH_X),
]


@pytest.mark.parametrize(("text", "kind", "what"), HITS)
def test_what_is_personal_is_found(text: str, kind: str, what: str) -> None:
    assert (kind, what) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "强调", "施彩\n\n辉煌", "施|彩辉", "2019年", "0042", "共0042人", "100123", "001234", "00123a", "a00123",
        "12812345678", "1381234567", "138123456789", "电话 0851-12345678", "2020.1.2 13:00 10000000000",
        identity("99010119951212001")[:-1] + "A", "990101199513120010", "123456789012345678", "20190000011",
    ],
)  # fmt: skip
def test_what_is_not_personal_is_left_alone(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize("path", ["附件/施彩辉.csv", "施 彩辉.csv", "s20190001.csv", "13812345678.png"])
def test_a_file_name_is_looked_at_too(path: str) -> None:
    assert [h.path for h in check_privacy([(path, b"")], PEOPLE)] == [path]


def test_a_file_that_cannot_be_looked_into_is_a_hit_unless_its_path_is_allowed() -> None:
    (hit,) = check_privacy([("a.exe", b"MZ")], PEOPLE)
    assert (hit.kind, hit.path) == ("无法检查的附件", "a.exe")
    assert check_privacy([("a.exe", b"MZ")], People(frozenset(), frozenset(), ("a.exe",))) == []


def allowing(*phrases: str, signatories: frozenset[str] = frozenset()) -> People:
    return People(PEOPLE.names, PEOPLE.numbers, phrases, signatories)


@pytest.mark.parametrize(
    ("text", "allowed", "hit"),
    [
        ("高强度管理", "高强度", False),
        ("高强同志", "高强度", True),
        ("高强度。高强同志", "高强度", True),
        ("高\n强度", "高强度", False),
        ("高<b>强</b>度", "高强度", False),
        ("保持高 强 度", "高强度", False),
        ("高强 度", "高强 度", False),
        ("提高强度", "提高强度", False),
        ("高强度", "强度", True),
        ("高强\n\n度", "高强度", True),
        ("热线 13812345678", "13812345678", False),
        ("热线 13812345678", "13812345679", True),
    ],
)
def test_an_allowed_phrase_lets_pass_what_it_covers_and_nothing_else(text: str, allowed: str, hit: bool) -> None:
    assert bool(found(text, allowing(allowed))) is hit


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("<td>施彩辉</td>", False),
        ("签发：施彩辉", False),
        ('{"signed_by": "施彩辉"}', False),
        ("签发人 施彩辉\n", False),
        ("施彩辉同志", True),
        ("<td>施彩辉同志</td>", True),
        ("联系人：施彩辉老师", True),
        ("由施彩辉", True),
        ("<td>高强</td>", True),
    ],
)
def test_a_signatory_may_stand_as_such_and_not_in_running_text(text: str, hit: bool) -> None:
    assert bool(found(text, allowing(signatories=frozenset({"施彩辉"})), "a.html")) is hit


def test_a_hit_shows_its_sentence_within_its_block_and_each_thing_once() -> None:
    hits = check_privacy([("a.html", "<p>甲</p><p>请找施彩辉老师，施彩辉在岗</p><p>乙</p>".encode())], PEOPLE)
    plain = [h for h in hits if "<" not in h.sentence]
    assert len(hits) == 1
    assert (hits[0].kind, hits[0].found) == ("姓名", "施彩辉")
    assert "【施彩辉】老师" in hits[0].sentence
    assert all("乙" not in h.sentence for h in plain)


@pytest.mark.parametrize(
    ("sentence", "what", "phrase"),
    [("…要保持【高强】度管理…", "高强", "高强度"), ("…【高强】同志…", "高强", "高强"), ("…【施彩辉】…", "施彩辉", "施彩辉")],
)
def test_the_everyday_word_around_a_hit_is_suggested(sentence: str, what: str, phrase: str) -> None:
    assert suggested_phrase(Hit("a", "姓名", what, sentence)) == phrase


@pytest.mark.parametrize(
    ("text", "real"),
    [
        (identity("99010119000101001"), True),
        (identity("99010118991231001"), False),
        (identity("99010120200229001"), True),
        (identity("99010120190229001"), False),
        (WITH_X, True),
        (WITH_X.lower(), True),
        (f"X{WITH_X[1:]}", False),
        ("", False),
    ],
)
def test_identity_numbers(text: str, real: bool) -> None:
    assert is_identity_number(text) is real


@given(st.dates().filter(lambda d: d.year >= 1900), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_makes_no_identity_number(born: object, serial: int, place: int, by: int) -> None:
    number = identity(f"990101{born:%Y%m%d}{serial:03d}")
    wrong = f"{number[:place]}{(int(number[place]) + by) % 10}{number[place + 1 :]}"
    assert is_identity_number(number)
    assert not is_identity_number(wrong)


@given(
    st.text("天地 ，。\n*", max_size=9),
    st.sampled_from(["施彩辉", "13812345678", "2019-0002", WITH_X]),
    st.text("天地 ，。\n*", max_size=9),
)
def test_nothing_around_it_hides_it(before: str, what: str, after: str) -> None:
    assert what in {text for _kind, text in found(before + what + after)}
