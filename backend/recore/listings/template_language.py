"""What may stand in a template's title and description: text, `{{ 商品名 }}`, `{% if ブランド %} … {% endif %}`. Pure.

Jinja's sandbox runs it, but what it runs is a short list of allowed words: no attribute, call, loop, sum or include exists,
so a template cannot reach anything, and its work is bounded by its own length. Problems name the line, in Japanese.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_SOURCE = 20_000
MAX_OUTPUT = 50_000
MAX_VALUE = 2_000
MAX_NODES = 2_000
MAX_DEPTH = 12


@dataclass(frozen=True)
class Facts:
    """What a template may say of an item; yen and whole numbers are numbers, the rest is text."""

    name: str
    brand: str
    model_number: str
    jan: str
    pd_code: str
    it_code: str
    management_number: str
    grade: str
    grade_name: str
    note: str
    shop: str
    price: int
    quantity: int

    def numbered(self, management_number: str) -> Facts:
        return replace(self, management_number=management_number)


SAMPLE = Facts(
    name="腕時計 SEIKO 5 自動巻き", brand="SEIKO", model_number="SNK809", jan="4954628232366", pd_code="PD0000001",
    it_code="IT0000001", management_number="IT0000001", grade="A", grade_name="美品", note="小傷があります", shop="本店",
    price=12_000, quantity=1,
)  # fmt: skip
# name in a template → (attribute of Facts, what it is)
VARIABLES: dict[str, tuple[str, str]] = {
    "商品名": ("name", "カタログの商品名"),
    "ブランド": ("brand", "カタログのブランド"),
    "型番": ("model_number", "カタログの型番"),
    "JAN": ("jan", "JANコード"),
    "PDコード": ("pd_code", "カタログの番号"),
    "ITコード": ("it_code", "在庫の番号"),
    "管理番号": ("management_number", "出品の管理番号"),
    "グレード": ("grade", "グレードの記号（S、Aなど）"),
    "グレード名": ("grade_name", "グレードの名前"),
    "状態説明": ("note", "在庫の備考"),
    "店名": ("shop", "在庫のあるお店"),
    "価格": ("price", "販売価格（数。「価格|円」で 12,000円）"),
    "個数": ("quantity", "出品できる数"),
}
_NAMES = {**{name: attribute for name, (attribute, _) in VARIABLES.items()}, **{each: each for each in Facts.__annotations__}}  # fmt: skip


@dataclass(frozen=True)
class LineProblem:
    """What is wrong in a line (from 1) of a template, and what to do."""

    line: int
    message: str
    remedy: str = ""


class TemplateBroken(Exception):
    """A template that cannot be rendered."""

    def __init__(self, problem: LineProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


# --- what is allowed ---------------------------------------------------------------------------------------------


def _yen(value: object) -> str:
    return f"{value:,}円" if isinstance(value, int) else str(value)


def _or_else(value: object, other: object) -> object:
    return value or other


def _first_characters(value: object, count: int) -> str:
    return str(value)[: max(0, count)]


FILTERS: dict[str, Any] = {
    "円": _yen, "yen": _yen, "なければ": _or_else, "default": _or_else, "先頭": _first_characters, "first": _first_characters,
    "大文字": lambda value: str(value).upper(), "upper": lambda value: str(value).upper(),
    "小文字": lambda value: str(value).lower(), "lower": lambda value: str(value).lower(),
}  # fmt: skip
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.CondExpr, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.Filter, nodes.List, nodes.Tuple,
)  # fmt: skip
ONLY_NAMES = "使える項目の名前だけを書いてください。"
_WHY: list[tuple[tuple[type[nodes.Node], ...], str, str]] = [
    ((nodes.Getattr, nodes.Getitem, nodes.Slice), "「.」や「[ ]」は使えません。", ONLY_NAMES),
    ((nodes.Call,), "「( )」を付けた呼び出しは使えません。", ONLY_NAMES),
    ((nodes.For,), "くり返し（for）は使えません。", "同じ文は、そのまま書いてください。"),
    ((nodes.BinExpr, nodes.UnaryExpr), "計算（+ - * / など）は使えません。", "文字をつなぐときは「~」を使ってください。"),
    ((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends), "ほかのファイルは読み込めません。", "この行を消してください。"),
]  # fmt: skip


@cache
def _environment(html: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=html, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False,
    )  # fmt: skip
    environment.globals.clear()
    environment.tests.clear()
    environment.filters.clear()
    environment.filters.update(FILTERS)
    return environment


# --- checking ----------------------------------------------------------------------------------------------------


def problems_of(source: str, *, html: bool) -> list[LineProblem]:
    """Everything wrong with a template, in the order of its lines; [] means that it can be rendered for any item."""
    if (unreadable := _unreadable(source)) is not None:
        return [unreadable]
    try:
        tree = _environment(html).parse(source)
    except TemplateSyntaxError as error:
        return [_syntax(error)]
    except RecursionError:
        return [_too_deep(1)]
    found_here = sorted(set(_walk(tree)), key=lambda each: each.line)
    if found_here:
        return found_here
    try:
        render(source, SAMPLE, html=html)
    except TemplateBroken as error:
        return [error.problem]
    return []


def _unreadable(source: str) -> LineProblem | None:
    if len(source) > MAX_SOURCE:
        message = f"テンプレートが長すぎます（{len(source):,}文字）。"
        return LineProblem(1, message, f"{MAX_SOURCE:,}文字以内にしてください。")
    if found := re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", source):
        line = source.count("\n", 0, found.start()) + 1
        return LineProblem(line, "目に見えない制御文字が入っています。", "この行を入力し直してください。")
    return None


def _walk(tree: nodes.Template) -> Iterator[LineProblem]:
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    seen = 0
    while waiting:
        node, depth = waiting.pop()
        seen += 1
        if depth > 2 * MAX_DEPTH:
            yield _too_deep(node.lineno)
            return
        if seen > MAX_NODES:
            yield LineProblem(node.lineno, "テンプレートが複雑すぎます。", "項目や条件を減らしてください。")
            return
        problem = _problem_of(node)
        if problem is not None:
            yield problem
            continue
        waiting += [(child, depth + 1) for child in node.iter_child_nodes()]


def _problem_of(node: nodes.Node) -> LineProblem | None:
    if not isinstance(node, _ALLOWED):
        for kinds, message, remedy in _WHY:
            if isinstance(node, kinds):
                return LineProblem(node.lineno, message, remedy)
        return LineProblem(
            node.lineno, "この命令は使えません。", "使えるのは {{ 項目 }} と {% if %} だけです。"
        )
    if isinstance(node, nodes.Name) and node.name not in _NAMES:
        return LineProblem(node.lineno, f"「{node.name[:30]}」という項目はありません。", ONLY_NAMES)
    if isinstance(node, nodes.Filter) and (problem := _bad_filter(node)):
        return LineProblem(node.lineno, problem, f"使えるのは {'、'.join(FILTERS)} です。")
    return None


def _bad_filter(node: nodes.Filter) -> str:
    if node.name not in FILTERS:
        return f"「|{node.name[:30]}」という書き方はありません。"
    wants = {"なければ": object, "default": object, "先頭": int, "first": int}.get(node.name)
    given = [each.value for each in node.args if isinstance(each, nodes.Const)]
    fits = len(node.args) == (0 if wants is None else 1) and all(isinstance(each, wants or object) for each in given)  # fmt: skip
    plain = len(given) == len(node.args) and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    return "" if fits and plain else f"「|{node.name}」のかっこの中が違います。"


def _too_deep(line: int) -> LineProblem:
    return LineProblem(line, "条件やかっこの入れ子が深すぎます。", f"{MAX_DEPTH}段までにしてください。")


_SYNTAX = [
    (r"needs to be closed is 'for'", "くり返し（for）は使えません。", "同じ文は、そのまま書いてください。"),
    (r"end of print statement|unexpected '\}'|unexpected end of", "{{{{ と }}}} の中の書き方が違います。", "「{{{{ 商品名 }}}}」のように書いてください。"),
    (r"[Uu]nexpected end of template|missing endif", "{% if %} が閉じられていません。", "{% endif %} を書いてください。"),
    (r"unknown tag 'end|unknown tag 'el", "{% if %} のない {% endif %} か {% else %} があります。", "対になる {% if %} を書くか、消してください。"),
    (r"unknown tag '(\w+)'", "「{0}」という命令はありません。", "使えるのは {{% if %}} {{% else %}} {{% endif %}} です。"),
    (r"[Nn]o filter named '(.+?)'", "「|{0}」という書き方はありません。", "使える書き方の一覧を見てください。"),
    (r"[Mm]issing end of (comment|raw)", "閉じられていない部分があります。", "{{# は #}}、{{% raw %}} は {{% endraw %}} で閉じてください。"),
    (r"unexpected char '(.+?)'", "「{0}」は、{{{{ }}}} や {{% %}} の中で使えません。", "半角の記号を確かめてください。"),
    (r"end of statement block", "{{% と %}} の中の書き方が違います。", "「{{% if ブランド %}}」のように書いてください。"),
]  # fmt: skip


def _syntax(error: TemplateSyntaxError) -> LineProblem:
    text = error.message or ""
    for pattern, message, remedy in _SYNTAX:
        if found := re.search(pattern, text):
            if found.groups() or "{{" in message or "{{" in remedy:
                return LineProblem(error.lineno, message.format(*found.groups()), remedy.format())
            return LineProblem(error.lineno, message, remedy)
    return LineProblem(
        error.lineno, "書き方が正しくありません。", "{{ }} と {% %} の対応を確かめてください。"
    )


# --- rendering ---------------------------------------------------------------------------------------------------


def render(source: str, facts: Facts, *, html: bool) -> str:
    """The text for an item; one line where it is no HTML. Raises TemplateBroken.

    Only for a source that `problems_of` found nothing wrong with.
    """
    try:
        pieces, size = [], 0
        for piece in _compiled(source, html).generate(_values(facts)):
            size += len(piece)
            if size > MAX_OUTPUT:
                raise TemplateBroken(LineProblem(1, "できあがる文が長すぎます。", f"{MAX_OUTPUT:,}文字以内になるように減らしてください。"))  # fmt: skip
            pieces.append(piece)
    except TypeError as error:
        lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == "<template>"]  # fmt: skip
        message = "文字と数は比べられません。"
        raise TemplateBroken(
            LineProblem(lines[-1] or 1 if lines else 1, message, "数の項目は「価格」と「個数」です。")
        ) from error
    text = "".join(pieces)
    return text.strip() if html else " ".join(text.split())


@lru_cache(maxsize=256)
def _compiled(source: str, html: bool) -> Template:
    return _environment(html).from_string(source)


def _values(facts: Facts) -> Mapping[str, object]:
    known = {
        key: value[:MAX_VALUE] if isinstance(value, str) else value for key, value in vars(facts).items()
    }
    return {name: known[attribute] for name, attribute in _NAMES.items()}
