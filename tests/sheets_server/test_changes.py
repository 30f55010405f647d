"""spreadsheets.get and batchUpdate: shapes of a book, and what moves along when rows and columns do."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
from gspread.exceptions import APIError
from gspread.utils import ValidationConditionType

from sheets_server import BOT, PERSON, Book, Server
from sheets_server.entered import Value
from sheets_server.errors import Refused

ROWS: list[list[Value]] = [["学号", "体温", "备注"], ["2", 36.5, "无"], ["1", 37.4, "咳"], ["3", "", ""]]
COLLEAGUE = "colleague@school.example"


@pytest.fixture
def book(google: Server) -> Book:
    """A book of a person that the service account and a colleague may write in."""
    return google.make_book("日报", {"2月6日": ROWS, "2月7日": []}, shared={BOT: "writer", COLLEAGUE: "writer"})


@pytest.fixture
def sheet(book: Book, client: gspread.Client) -> gspread.Worksheet:
    """Its first sheet, through gspread."""
    return client.open_by_key(book.book_id).sheet1


def get(sheet: gspread.Worksheet, **params: str) -> Any:
    """What spreadsheets.get says."""
    return sheet.client.spreadsheets_get(sheet.spreadsheet_id, {**params})


def change(sheet: gspread.Worksheet, *requests: dict[str, Any]) -> Any:
    """Send a batchUpdate; return its replies."""
    return sheet.client.batch_update(sheet.spreadsheet_id, {"requests": list(requests)})["replies"]


def grid(top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    """A GridRange on the first sheet."""
    return {"sheetId": 0, "startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}


# -- Reading a book -------------------------------------------------------------------------------------------------------


def test_one_request_tells_zone_locale_and_sheets(sheet: gspread.Worksheet) -> None:
    got = get(sheet, fields="properties(timeZone,locale),sheets.properties(title,gridProperties/rowCount)")
    assert got == {
        "properties": {"timeZone": "Asia/Shanghai", "locale": "zh_CN"},
        "sheets": [
            {"properties": {"title": "2月6日", "gridProperties": {"rowCount": 1000}}},
            {"properties": {"title": "2月7日", "gridProperties": {"rowCount": 1000}}},
        ],
    }


def test_grid_data_comes_only_where_it_is_asked_for(sheet: gspread.Worksheet) -> None:
    assert "data" not in get(sheet)["sheets"][0]
    assert "data" in get(sheet, includeGridData="true")["sheets"][0]
    got = get(sheet, ranges="'2月6日'!B2:C3", fields="sheets.data(startRow,startColumn,rowData.values.effectiveValue)")
    values = [[cell["effectiveValue"] for cell in row["values"]] for row in got["sheets"][0]["data"][0]["rowData"]]
    assert values == [[{"numberValue": 36.5}, {"stringValue": "无"}], [{"numberValue": 37.4}, {"stringValue": "咳"}]]
    assert (len(got["sheets"]), got["sheets"][0]["data"][0]["startRow"], got["sheets"][0]["data"][0]["startColumn"]) == (1, 1, 1)


def test_a_formula_that_fails_says_so(book: Book, sheet: gspread.Worksheet) -> None:
    sheet.update_acell("D2", "=1/0")
    cell = get(sheet, ranges="'2月6日'!D2", fields="sheets.data.rowData.values")["sheets"][0]["data"][0]["rowData"][0]["values"][0]
    assert cell["userEnteredValue"] == {"formulaValue": "=1/0"}
    assert cell["effectiveValue"]["errorValue"]["type"] == "DIVIDE_BY_ZERO"
    assert sheet.acell("D2").value == "#DIV/0!"


# -- Whole or not at all --------------------------------------------------------------------------------------------------


def test_a_batch_with_one_wrong_request_changes_nothing(book: Book, sheet: gspread.Worksheet) -> None:
    before = book.version
    with pytest.raises(APIError) as error:
        change(sheet, {"deleteSheet": {"sheetId": 0}}, {"addSheet": {"properties": {"title": "2月7日"}}})
    told = 'Invalid requests[1].addSheet: A sheet with the name "2月7日" already exists. Please enter another name.'
    assert error.value.error["message"] == told
    assert ([s.title for s in book.sheets], book.version) == (["2月6日", "2月7日"], before)


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ({"updateSheet": {}}, "Unknown name \"updateSheet\" at 'requests[0]'"),
        ({"repeatCell": {"range": {}, "cell": {}}}, "At least one field must be listed in 'fields'"),
        ({"deleteSheet": {"sheetId": 99}}, "No grid with id: 99"),
        ({"repeatCell": {"range": grid(999, 1001, 0, 1), "cell": {}, "fields": "note"}}, "exceeds grid limits. Max rows: 1000"),
        ({"updateCells": {"start": {"rowIndex": 1000}, "rows": [{"values": [{}]}], "fields": "note"}}, "outside the grid"),
        ({"addNamedRange": {"namedRange": {"name": "A1", "range": grid(0, 1, 0, 1)}}}, "Invalid name: A1"),
        ({"insertDimension": {"range": {"dimension": "ROWS", "endIndex": 1}, "inheritFromBefore": True}}, "inheritFromBefore"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_request_that_cannot_be_done_says_why(sheet: gspread.Worksheet, request_: dict[str, Any], told: str) -> None:
    with pytest.raises(APIError) as error:
        change(sheet, request_)
    assert error.value.error["status"] == "INVALID_ARGUMENT"
    assert told in error.value.error["message"]


def test_the_last_visible_sheet_stays(sheet: gspread.Worksheet) -> None:
    change(sheet, {"updateSheetProperties": {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}})
    with pytest.raises(APIError) as error:
        sheet.spreadsheet.del_worksheet(sheet.spreadsheet.worksheet("2月7日"))
    assert "can't remove all the sheets" in error.value.error["message"]


# -- What moves along -------------------------------------------------------------------------------------------------------


def test_names_protection_merges_notes_and_stamps_move_with_inserted_columns(book: Book, sheet: gspread.Worksheet) -> None:
    sheet.define_named_range("B1:C4", "daily")
    sheet.add_protected_range("B1:B1", [BOT])
    sheet.merge_cells("B3:B4")
    sheet.update_notes({"C2": "看这里"})
    stamp = {"metadataKey": "form", "metadataValue": "v1", "visibility": "DOCUMENT"}
    column = {"dimensionRange": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}}
    change(sheet, {"createDeveloperMetadata": {"developerMetadata": stamp | {"location": column}}})
    sheet.insert_cols([["新"]], 1)
    assert sheet.spreadsheet.values_get("daily")["range"] == "'2月6日'!C1:D4"
    got = get(sheet)["sheets"][0]
    assert (got["protectedRanges"][0]["range"]["startColumnIndex"], got["merges"][0]["startColumnIndex"]) == (2, 2)
    assert sheet.get_note("D2") == "看这里"
    search = f"https://sheets.googleapis.com/v4/spreadsheets/{book.book_id}/developerMetadata:search"
    found = sheet.client.request("post", search, json={"dataFilters": [{"developerMetadataLookup": {"metadataKey": "form"}}]}).json()
    location = found["matchedDeveloperMetadata"][0]["developerMetadata"]["location"]
    assert (location["locationType"], location["dimensionRange"]["startIndex"]) == ("COLUMN", 2)


def test_what_is_deleted_takes_its_ranges_along(sheet: gspread.Worksheet) -> None:
    sheet.define_named_range("B2:B3", "warm")
    sheet.define_named_range("A1:C4", "daily")
    sheet.delete_rows(2, 3)
    names = get(sheet, fields="namedRanges")["namedRanges"]
    assert [(n["name"], n["range"]["endRowIndex"]) for n in names] == [("daily", 2)]
    assert sheet.get_values() == [["学号", "体温", "备注"], ["3", "", ""]]


def test_sorting_moves_rows_with_their_notes_and_blanks_go_last(sheet: gspread.Worksheet) -> None:
    sheet.update_notes({"C3": "咳？"})
    sheet.sort((2, "des"), range="A2:C4")
    assert sheet.get_values("A2:B4") == [["1", "37.4"], ["2", "36.5"], ["3", ""]]
    assert sheet.get_note("C2") == "咳？"


def test_a_column_is_moved(sheet: gspread.Worksheet) -> None:
    span = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    change(sheet, {"moveDimension": {"source": span, "destinationIndex": 3}})
    assert sheet.row_values(1) == ["体温", "备注", "学号"]


def test_a_duplicate_is_a_sheet_of_its_own(book: Book, sheet: gspread.Worksheet) -> None:
    copy = sheet.duplicate(new_sheet_name="副本")
    copy.update_acell("A2", "改")
    assert (sheet.acell("A2").value, copy.acell("A2").value, copy.acell("C3").value) == ("2", "改", "咳")


# -- Cells ----------------------------------------------------------------------------------------------------------------


def test_a_colour_is_told_in_both_forms_and_removed_in_both(book: Book, sheet: gspread.Worksheet) -> None:
    at = {"range": grid(1, 2, 0, 1), "cell": {"userEnteredFormat": {"backgroundColor": {"red": 1, "green": 0.5, "blue": 0}}}}
    change(sheet, {"repeatCell": at | {"fields": "userEnteredFormat.backgroundColor"}})
    half = {"red": 1, "green": 0.5}
    assert book["2月6日"].cell(1, 0).format == {"backgroundColor": half, "backgroundColorStyle": {"rgbColor": half}}
    change(sheet, {"repeatCell": {"range": grid(1, 2, 0, 1), "cell": {}, "fields": "userEnteredFormat.backgroundColor"}})
    assert (book["2月6日"].cell(1, 0).format, book["2月6日"].cell(1, 0).value) == (None, "2")


def test_cells_without_data_lose_what_the_mask_names_and_keep_the_rest(book: Book, sheet: gspread.Worksheet) -> None:
    sheet.update_notes({"A2": "一", "A3": "二"})
    change(sheet, {"updateCells": {"range": grid(1, 3, 0, 1), "rows": [{"values": [{"note": "新"}]}], "fields": "note"}})
    cells = [book["2月6日"].cell(row, 0) for row in (1, 2)]
    assert [(c.value, c.note) for c in cells] == [("2", "新"), ("1", None)]


def test_a_drop_down_has_no_arrow_unless_it_is_asked_for(book: Book, sheet: gspread.Worksheet) -> None:
    sheet.add_validation("C2:C9", ValidationConditionType.one_of_list, ["无", "咳"], strict=True)
    assert book["2月6日"].cell(1, 2).validation == {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "无"}, {"userEnteredValue": "咳"}]},
        "strict": True,
    }
    sheet.add_validation("C2:C9", ValidationConditionType.one_of_list, ["无"], showCustomUi=True)
    assert (book["2月6日"].cell(1, 2).validation or {})["showCustomUi"] is True


@pytest.mark.parametrize(("value", "kept"), [("咳", True), ("热", False), ("", True)])
def test_a_strict_rule_refuses_a_person_and_not_the_api(
    google: Server, book: Book, sheet: gspread.Worksheet, value: str, kept: bool
) -> None:
    sheet.add_validation("C2", ValidationConditionType.one_of_range, ["='2月6日'!$C$2:$C$3"], strict=True)
    if kept:
        google.type_in(book, "2月6日", "C2", value)
    else:
        with pytest.raises(Refused, match="violates the data validation rules"):
            google.type_in(book, "2月6日", "C2", value)
        sheet.update_acell("C2", value)
    assert (sheet.acell("C2").value or "") == value


# -- Protection -------------------------------------------------------------------------------------------------------------


def test_a_closed_row_is_closed_to_all_but_its_editors_and_the_owner(google: Server, book: Book, sheet: gspread.Worksheet) -> None:
    sheet.add_protected_range("A2:C2", [BOT], description="2月6日")
    google.type_in(book, "2月6日", "B3", "36.9", by=COLLEAGUE)
    with pytest.raises(Refused, match="protected cell"):
        google.type_in(book, "2月6日", "B2", "36.9", by=COLLEAGUE)
    google.type_in(book, "2月6日", "B2", "36.8", by=PERSON)
    sheet.update_acell("C2", "有")
    assert sheet.get_values("B2:C3") == [["36.8", "有"], ["36.9", "咳"]]


def test_protection_can_be_lifted_by_an_editor_only(google: Server, book: Book, sheet: gspread.Worksheet) -> None:
    sheet.add_protected_range("A2:C2", [BOT])
    other = google.client(google.make_key(COLLEAGUE, "colleague.json")).open_by_key(book.book_id).sheet1
    wanted = book["2月6日"].protected[0]["protectedRangeId"]
    with pytest.raises(APIError) as error:
        other.delete_protected_range(wanted)
    assert "protected cell" in error.value.error["message"]
    sheet.delete_protected_range(wanted)
    google.type_in(book, "2月6日", "B2", "36.9", by=COLLEAGUE)


def test_only_a_warning_keeps_nobody_out(google: Server, book: Book, sheet: gspread.Worksheet) -> None:
    sheet.add_protected_range("A2:C2", warning_only=True)
    google.type_in(book, "2月6日", "B2", "36.9", by=COLLEAGUE)
    assert sheet.acell("B2").value == "36.9"


# -- Further requests -------------------------------------------------------------------------------------------------------


def test_conditional_formats_are_added_replaced_and_removed(sheet: gspread.Worksheet) -> None:
    condition = {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "37.2"}]}
    rule = {"ranges": [grid(1, 4, 1, 2)], "booleanRule": {"condition": condition, "format": {"backgroundColor": {"red": 1}}}}
    change(sheet, {"addConditionalFormatRule": {"rule": rule, "index": 0}})
    assert get(sheet)["sheets"][0]["conditionalFormats"][0]["booleanRule"]["condition"] == condition
    (reply,) = change(sheet, {"updateConditionalFormatRule": {"index": 0, "rule": rule | {"ranges": [grid(1, 9, 1, 2)]}}})
    assert reply["updateConditionalFormatRule"]["newRule"]["ranges"][0]["endRowIndex"] == 9
    change(sheet, {"deleteConditionalFormatRule": {"index": 0}})
    assert "conditionalFormats" not in get(sheet)["sheets"][0]


def test_text_is_found_and_replaced(sheet: gspread.Worksheet) -> None:
    (reply,) = change(sheet, {"findReplace": {"find": "咳", "replacement": "咳嗽", "allSheets": True}})
    assert reply["findReplace"] == {"rowsChanged": 1, "sheetsChanged": 1, "valuesChanged": 1, "occurrencesChanged": 1}
    assert sheet.acell("C3").value == "咳嗽"


def test_a_stamp_is_changed_and_taken_away(sheet: gspread.Worksheet) -> None:
    stamp = {"metadataKey": "form", "metadataValue": "v1", "visibility": "DOCUMENT", "location": {"spreadsheet": True}}
    (made,) = change(sheet, {"createDeveloperMetadata": {"developerMetadata": stamp}})
    which = {"developerMetadataLookup": {"metadataId": made["createDeveloperMetadata"]["developerMetadata"]["metadataId"]}}
    new = {"dataFilters": [which], "developerMetadata": {"metadataValue": "v2"}, "fields": "metadataValue"}
    change(sheet, {"updateDeveloperMetadata": new})
    assert get(sheet, fields="developerMetadata.metadataValue") == {"developerMetadata": [{"metadataValue": "v2"}]}
    change(sheet, {"deleteDeveloperMetadata": {"dataFilter": which}})
    assert get(sheet, fields="developerMetadata") == {}
    with pytest.raises(APIError) as error:
        change(sheet, {"createDeveloperMetadata": {"developerMetadata": {"metadataKey": "form", "location": {"spreadsheet": True}}}})
    assert "visibility must be specified" in error.value.error["message"]
