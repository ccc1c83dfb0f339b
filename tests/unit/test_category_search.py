"""R10, B10: a category is found by what staff type. The tree is generated (bench/category_tree.py)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.category_tree import rows
from recore.categories.search import CategoryIndex, name_words, synonyms_of
from recore.channels.base import Category
from recore.shared_schemas import load

FILE = Path(__file__).parents[2] / "bench/data/category_queries.json"
QUERIES = json.loads(FILE.read_text("utf-8"))["queries"]
SYNONYMS = synonyms_of(load("category_synonyms.json")["same"])
INDEX = CategoryIndex(Category(each[0], each[2], each[3], each[4] == "1") for each in rows())


def tree(*paths: str) -> CategoryIndex:
    return CategoryIndex(Category(path, path.rsplit(" > ")[-1], path, True) for path in paths)


def found(index: CategoryIndex, text: str, used: tuple[str, ...] = ()) -> list[str]:
    return [each.path for each in index.search(text, SYNONYMS, used)]


@pytest.mark.parametrize("wanted", QUERIES, ids=lambda each: each["query"])
def test_b10_the_right_answer_is_among_the_first_five(wanted: dict[str, object]) -> None:
    first = found(INDEX, str(wanted["query"]))[:5]
    right = wanted["right"]
    assert isinstance(right, list)
    assert any(path == each or path.startswith(f"{each} > ") for path in first for each in right), first


def test_b10_the_list_has_enough_and_two_character_words() -> None:
    assert len(QUERIES) >= 60
    assert sum(len(each["query"]) <= 2 for each in QUERIES) >= 20


def test_r10_the_exact_name_comes_before_a_beginning_and_that_before_a_middle() -> None:
    assert found(tree("甲 > 大皿立て", "甲 > 皿回し", "甲 > 皿"), "皿") == [
        "甲 > 皿",
        "甲 > 皿回し",
        "甲 > 大皿立て",
    ]


def test_r10_every_word_must_stand_somewhere_in_the_path() -> None:
    index = tree("メンズ > 時計", "レディース > 時計", "メンズ > 靴")
    assert found(index, "めんず　時計") == ["メンズ > 時計"]


def test_r10_what_was_typed_comes_before_another_word_for_it() -> None:
    assert found(tree("甲 > ウォッチ", "甲 > 腕時計"), "腕時計") == ["甲 > 腕時計", "甲 > ウォッチ"]


def test_r10_what_the_shop_uses_comes_first_when_it_matches() -> None:
    index = tree("甲 > 時計", "乙 > 置き時計", "丙 > 靴")
    assert found(index, "時計", ("丙 > 靴", "乙 > 置き時計", "もうない番号")) == [
        "乙 > 置き時計",
        "甲 > 時計",
    ]


def test_r10_a_word_that_stands_nowhere_does_not_hide_the_others() -> None:
    assert found(tree("甲 > ケーブル", "甲 > 靴"), "usb ケーブル") == ["甲 > ケーブル"]
    assert found(tree("甲 > ケーブル"), "ぬりかべ") == []


def test_r10_only_leaves_are_found() -> None:
    index = CategoryIndex(
        [Category("1", "時計", "時計", False), Category("2", "置き時計", "時計 > 置き時計", True)]
    )
    assert [each.id for each in index.search("時計", {})] == ["2"]


def test_r10_a_products_name_suggests_categories() -> None:
    paths = [each.path for each in INDEX.suggest("【美品】リーバイス 501 ジーンズ W32 赤耳", SYNONYMS)]
    assert "ファッション > メンズファッション > ボトムス > ジーンズ" in paths[:2]
    assert INDEX.suggest("12345 !!", SYNONYMS) == []


def test_r10_a_rare_word_of_a_products_name_counts_more_than_its_brand() -> None:
    (first, *_) = INDEX.suggest("ルイ・ヴィトン 長財布 モノグラム", SYNONYMS)
    assert first.path == "ファッション > 財布、小物 > 長財布"


def test_r10_the_words_of_a_name_are_what_it_is_not_its_numbers() -> None:
    assert name_words("セイコー 自動巻き腕時計 SKX007 2023") == ["skx007", "せいこー", "腕時計", "自動巻"]


@given(st.text(max_size=120))
def test_r10_whatever_is_typed_is_answered(text: str) -> None:
    small = tree("甲 > 時計", "甲 > 靴、(左)", "乙 > [正規]表現.*")
    assert len(small.search(text, SYNONYMS)) <= 3
    assert len(small.suggest(text, SYNONYMS)) <= 3


@pytest.mark.parametrize(
    "text", ["", " ", "　", "、、", "𠮷" * 200, "あ" * 100_000, "😀", "=cmd()", "<script>"]
)
def test_r10_nothing_sensible_finds_nothing(text: str) -> None:
    assert found(INDEX, text) == []
