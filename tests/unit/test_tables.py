"""Files that people upload: whatever comes, a table of text or a clear refusal."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from recore.platform.errors import Invalid
from recore.platform.tables import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS, read_table, write_csv

JAPANESE = "オークションID,商品名\nx1,高橋 髙\n"


def refusal(body: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read_table(body)
    assert refused.value.remedy
    return refused.value.code


def xlsx(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repacked(body: bytes, name: str, content: bytes) -> bytes:
    """An Excel file with one of its parts replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, content if each == name else old.read(each))
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_r24_the_encodings_of_stores_and_of_excel(encoding: str) -> None:
    table = read_table(JAPANESE.encode(encoding))
    assert table.header == ("オークションID", "商品名")
    assert [(row.number, row.cells) for row in table.rows] == [(2, ("x1", "高橋 髙"))]


@pytest.mark.parametrize("body", [JAPANESE.encode("utf-16"), b"\x00\x01\x02\xff\xfe", b"a\x00b"])
def test_another_encoding_is_refused_as_such(body: bytes) -> None:
    assert refusal(body) == "ENCODING"


def test_a_file_that_breaks_off_within_a_character_is_not_read_as_another_encoding() -> None:
    body = "OrderId,ShipName\r\n1,佐藤\r\n2,高橋".encode()[:-1]
    body.decode("cp932")  # which could be read, as other names
    assert refusal(body) == "ENCODING"


def test_cells_with_newlines_quotes_and_formulas_stay_what_they_are() -> None:
    body = b'a,b\r\n"x\ny","say ""hi"""\r\n=1+1,\'@SUM(A1)\r\n'
    assert [row.cells for row in read_table(body).rows] == [("x\ny", 'say "hi"'), ("=1+1", "'@SUM(A1)")]


def test_rows_count_as_excel_counts_them_and_empty_ones_are_left_out() -> None:
    rows = read_table(b'a,b\n"x\ny",1\n\n,\nz\n').rows
    assert [(row.number, row.cells) for row in rows] == [(2, ("x\ny", "1")), (5, ("z", ""))]


def test_a_row_with_more_cells_than_the_header_says_so() -> None:
    shifted, padded = read_table(b"a,b\n1,2,3\n1,2,,\n").rows
    assert (shifted.is_whole, padded.is_whole) == (False, True)


@pytest.mark.parametrize("body", [b"", b"\n\n", b" , \n", "\ufeff".encode(), xlsx()])
def test_nothing_in_it(body: bytes) -> None:
    assert refusal(body) == "EMPTY_FILE"


def test_limits() -> None:
    assert len(read_table(b"a\n" + b"1\n" * MAX_ROWS).rows) == MAX_ROWS
    assert refusal(b"a\n" + b"1\n" * (MAX_ROWS + 1)) == "TOO_MANY_ROWS"
    assert refusal(b"a\n" + b"1\n" * 100_000) == "TOO_MANY_ROWS"
    assert refusal(b"a\n" + b"\n" * 100_000) == "TOO_MANY_ROWS"
    assert refusal(b"," * MAX_COLUMNS + b"a\n") == "TOO_MANY_COLUMNS"
    assert refusal(b"a\n" + b"x" * (MAX_CELL + 1)) == "TOO_LARGE"
    assert refusal(b"x" * (MAX_BYTES + 1)) == "TOO_LARGE"
    assert refusal(b'a\n"' + b"x" * 200_000 + b'"\n') == "TOO_LARGE"


@pytest.mark.parametrize("body", [b'a,b\n"1,2\n3,4\n', b'a,b\n"1"x,2\n'])
def test_quotes_that_do_not_close_are_refused(body: bytes) -> None:
    assert refusal(body) == "BAD_CSV"


def test_excel_strings_stay_strings_and_numbers_lose_no_digit() -> None:
    body = xlsx(
        ["番号", "電話", "日時", "式"],
        [10004866, "09012345678", datetime(2026, 9, 17, 10, 2), "=HYPERLINK(1)"],
    )
    assert read_table(body).rows[0].cells == (
        "10004866",
        "09012345678",
        "2026-09-17 10:02:00",
        "=HYPERLINK(1)",
    )


def test_an_excel_file_that_unpacks_into_too_much() -> None:
    bomb = repacked(xlsx(["a"]), "xl/worksheets/sheet1.xml", b"<x>" + b" " * 80_000_000)
    assert len(bomb) < 200_000
    assert refusal(bomb) == "TOO_LARGE"


def test_an_excel_file_with_entities_or_a_faraway_row_or_broken() -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    assert refusal(repacked(xlsx(["a"]), "xl/worksheets/sheet1.xml", entities)) == "BAD_EXCEL"
    outside = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>'
    assert refusal(repacked(xlsx(["a"]), "xl/workbook.xml", outside)) == "BAD_EXCEL"
    namespace = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    far = b"<worksheet %s><sheetData><row r='1'><c r='A1' t='str'><v>a</v></c></row><row r='999999999'><c r='A999999999'><v>1</v></c></row></sheetData></worksheet>"
    assert refusal(repacked(xlsx(["a"]), "xl/worksheets/sheet1.xml", far % namespace)) == "TOO_MANY_ROWS"
    assert refusal(b"PK\x03\x04 and nothing more") == "BAD_EXCEL"
    assert refusal(b"\xd0\xcf\x11\xe0 an old one") == "OLD_EXCEL"


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_a_table_or_a_refusal(body: bytes) -> None:
    try:
        table = read_table(body)
    except Invalid:
        return
    assert all(len(row.cells) == len(table.header) for row in table.rows)


def test_what_is_written_is_read_back() -> None:
    rows = [["=1+1", 'a"b'], ["x\ny", "髙𠮷"]]
    assert [list(row.cells) for row in read_table(write_csv(["a", "b"], rows)).rows] == rows
