"""The words of a template: what may be written, what an item makes of it, and that nothing else can be reached."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recore.listings.template_language import (
    MAX_OUTPUT,
    MAX_SOURCE,
    SAMPLE,
    VARIABLES,
    TemplateBroken,
    problems_of,
    render,
)

HOSTILE = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ 商品名['__class__'] }}",
    "{{ 商品名|attr('__class__') }}",
    "{{ self }}",
    "{{ self.__init__.__globals__ }}",
    "{{ config }}",
    "{{ request }}",
    "{{ lipsum.__globals__ }}",
    "{{ cycler }}",
    "{{ range(1000000000) }}",
    "{% for x in 商品名 %}x{% endfor %}",
    "{% for a in [1] recursive %}{{ loop(a) }}{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{% import 'x' as y %}",
    "{% from 'x' import y %}",
    "{% extends 'base.html' %}",
    "{% block a %}{% endblock %}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{% call a() %}{% endcall %}",
    "{% set 商品名 = 1 %}",
    "{% with a = 1 %}{% endwith %}",
    "{% filter upper %}x{% endfilter %}",
    "{% autoescape false %}{{ 商品名 }}{% endautoescape %}",
    "{{ 商品名|safe }}",
    "{{ 商品名|replace('a', 'b') }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 価格 + 1 }}",
    "{{ -価格 }}",
    "{{ '%1000000000d' % 価格 }}",
    "{{ {'a': 1} }}",
    "{{ 商品名 is defined }}",
    "{{ 商品名|先頭(価格) }}",
    "{{ 商品名[0:9] }}",
    "{{" + "(" * 5_000 + "1" + ")" * 5_000 + "}}",
    "{% if 価格 %}" * 200 + "{% endif %}" * 200,
    "{{ 価格 }}" * 2_200,
    "あ" * (MAX_SOURCE + 1),
    "a\x00b",
    "half \ud800 character",
]


@pytest.mark.parametrize(
    "source", HOSTILE, ids=lambda source: source[:40].encode("ascii", "replace").decode()
)
@pytest.mark.parametrize("html", [True, False])
def test_a_hostile_template_is_refused_before_it_runs(source: str, html: bool) -> None:
    assert problems_of(source, html=html)


MISTAKES = [
    ("{{ 商品 }}", 1, "「商品」という項目はありません"),
    ("一行\n二行\n{{ 商品名", 3, "{{ と }} の中の書き方が違います"),
    ("一行\n{% if ブランド %}あり", 2, "{% if %} が閉じられていません"),
    ("一行\n{% for a in 商品名 %}", 2, "くり返し（for）は使えません"),
    ("{% endif %}", 1, "{% if %} のない"),
    ("一行\n{% もし ブランド %}", 2, "「もし」という命令はありません"),
    ("一行\n\n{{ 商品名（） }}", 3, "「（」は、{{ }} や {% %} の中で使えません"),
    ("{{ 価格|通貨 }}", 1, "「|通貨」という書き方はありません"),
    ("{{ 価格|円(3) }}", 1, "かっこの中が違います"),
    ("一行\n{% if 商品名 > 3 %}a{% endif %}", 2, "文字と数は比べられません"),
    ("{% for a in b %}\n{% endfor %}", 1, "くり返し（for）は使えません"),
    ("a\n{# 閉じない", 2, "閉じられていない部分があります"),
]


@pytest.mark.parametrize(("source", "line", "message"), MISTAKES, ids=lambda each: str(each)[:20])
def test_a_mistake_is_named_with_its_line_in_japanese(source: str, line: int, message: str) -> None:
    (problem, *_) = problems_of(source, html=True)
    assert (problem.line, message in problem.message) == (line, True), problem
    assert problem.remedy


def test_all_mistakes_are_told_at_once() -> None:
    assert [each.line for each in problems_of("{{ 甲 }}\n{{ 乙 }}\n{{ 商品名 }}\n{{ a.b }}", html=False)] == [
        1,
        2,
        4,
    ]


def test_an_item_makes_a_text_of_it() -> None:
    source = "【{{ グレード }}】{{ ブランド|なければ('ノーブランド') }} {{ 商品名 }}\n{% if 型番 %}\n型番 {{ 型番 }}\n{% endif %}\n{{ 価格|円 }}"  # fmt: skip
    assert problems_of(source, html=False) == []
    assert render(source, SAMPLE, html=False) == "【A】SEIKO 腕時計 SEIKO 5 自動巻き 型番 SNK809 12,000円"
    bare = replace(SAMPLE, brand="", model_number="", price=980)
    assert render(source, bare, html=False) == "【A】ノーブランド 腕時計 SEIKO 5 自動巻き 980円"


def test_html_keeps_its_lines_and_a_condition_leaves_none_behind() -> None:
    source = "<b>{{ name }}</b>\n{% if note %}\n{{ note }}\n{% endif %}\n以上"
    assert render(source, replace(SAMPLE, name="時計", note=""), html=True) == "<b>時計</b>\n以上"


@pytest.mark.parametrize(
    "value",
    [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "{{ 7 * 7 }}",
        "=cmd()",
        "😀𠮷ﾃﾞｼﾞｶﾒ",
        "一行\n二行",
        "あ" * 10_000,
    ],
    ids=lambda value: value[:12].encode("ascii", "replace").decode(),
)  # fmt: skip
def test_a_hostile_value_is_text_and_never_run(value: str) -> None:
    facts = replace(SAMPLE, name=value)
    html = render("<p>{{ 商品名 }}{{ 商品名 ~ '<i>' }}</p>", facts, html=True)
    assert html.startswith("<p>")
    assert "<script" not in html
    assert "<img" not in html
    assert "<i>" not in html
    plain = render("{{ 商品名 }}", facts, html=False)
    assert "49" not in plain
    assert "\n" not in plain
    assert len(plain) <= 2_000


def test_a_huge_output_is_refused() -> None:
    source = "{{ 商品名 }}" * 500
    assert problems_of(source, html=False) == []
    with pytest.raises(TemplateBroken, match="長すぎます"):
        render(source, replace(SAMPLE, name="あ" * (MAX_OUTPUT // 100)), html=False)


def test_every_variable_can_be_written_under_both_names() -> None:
    for name, (attribute, _) in VARIABLES.items():
        assert render(f"{{{{ {name} }}}}", SAMPLE, html=False) == str(getattr(SAMPLE, attribute))
        assert problems_of(f"{{{{ {attribute} }}}}", html=False) == []


@given(st.text(alphabet="{}%#|()'\"~.商品名価格if endif_a1\n", max_size=60))
def test_whatever_is_written_is_refused_or_rendered(source: str) -> None:
    if not problems_of(source, html=True):
        assert isinstance(render(source, SAMPLE, html=True), str)
