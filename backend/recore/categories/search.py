"""Finding a category by what staff type; pure, over an index in memory.

Every word must stand somewhere in a leaf's path, typed or as one of its synonyms. What is found is ordered by how well and
how near to the leaf it stands there. Two-character and one-character words are words like any other: names are looked
through, no n-gram index is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, log10

from recore.channels.base import Category
from recore.platform.text_ja import fold

SEPARATOR = re.compile(r"\s*[>＞]\s*")
BETWEEN_WORDS = re.compile(r"[\s、，・,/／（）()「」\[\]【】&＆+＋]+")
RUNS = re.compile(r"[a-z0-9.\-']+|[ァ-ヴー・]+|[々〇一-龥]+|[ぁ-ん]+", re.IGNORECASE)
OTHER = fold("その他")

EXACT, PART, EDGE, INSIDE = 0.0, 0.6, 1.6, 3.0
SYNONYM = 0.5  # the other word for it
AGAIN = 0.8  # it stands at a second place of the path
BELOW = 1.0  # per level under the name that was found
DEEP = 0.25  # per level of the path
COMMON = 0.9  # a name that many leaves have says little: times log10 of how many
CROWD = 0.7  # per leaf of the same corner of the tree that is shown already
MOST_WORDS = 8
MOST_CHARACTERS = 100
MOST_NAME_WORDS = 15
LONGEST_SPLIT = 20
MOST_SPLITS = 3
Synonyms = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Node:
    """A name at one place of the tree: its leaves are `leaves[start:end]`."""

    start: int
    end: int
    depth: int


class CategoryIndex:
    """The leaves of one tree. It never changes; another import makes another index."""

    def __init__(self, categories: Iterable[Category]) -> None:
        found = [(fold_path(each.path), each) for each in categories if each.is_leaf]
        found.sort(key=lambda pair: (pair[0], pair[1].id))
        self.leaves = [each for _, each in found]
        self.position = {each.id: at for at, each in enumerate(self.leaves)}
        self._depth = [len(path) for path, _ in found]
        self._corner = [path[:2] for path, _ in found]
        same_name = Counter(path[-1] for path, _ in found)
        self._plainness = [DEEP * len(path) + _commonness(path[-1], same_name) for path, _ in found]
        self._nodes: dict[str, list[_Node]] = {}
        self._collect([path for path, _ in found])

    def _collect(self, paths: Sequence[tuple[str, ...]]) -> None:
        begun: list[tuple[str, int]] = []
        for at, path in enumerate([*paths, ()]):
            same = 0
            while same < min(len(begun), len(path)) and begun[same][0] == path[same]:
                same += 1
            for depth in range(len(begun), same, -1):
                name, start = begun.pop()
                self._nodes.setdefault(name, []).append(_Node(start, at, depth))
            begun += [(name, at) for name in path[same:]]

    def search(
        self, text: str, synonyms: Synonyms, used: Sequence[str] = (), limit: int = 20
    ) -> list[Category]:
        """The leaves for `text`, best first; those of `used` (ids, the shop's favourites first) that match come first."""
        typed = text[:MOST_CHARACTERS]
        terms = words(typed)[:MOST_WORDS]
        if not terms:
            return []
        scores = self._all_words(terms, synonyms)
        if not scores:
            parts = [part for term in terms[:MOST_SPLITS] for part in self._split(term, synonyms)]
            parts += terms[MOST_SPLITS:]
            scores = self._all_words(parts, synonyms) or self._most_words(
                [*parts, *script_words(typed)], synonyms
            )
        favourites = [at for each in used if (at := self.position.get(each)) in scores][:3]
        return [self.leaves[at] for at in self._ordered(scores, favourites, limit)]

    def suggest(self, name: str, synonyms: Synonyms, limit: int = 5) -> list[Category]:
        """Leaves that share rare words with a product's name."""
        parts = name_words(name)[:MOST_WORDS]
        return [self.leaves[at] for at in self._ordered(self._most_words(parts, synonyms), [], limit)]

    def _all_words(self, terms: Sequence[str], synonyms: Synonyms) -> dict[int, float]:
        """leaf → its score, the lower the better, for the leaves that have every term."""
        whole: dict[int, float] | None = None
        for term in terms:
            found = self._term(term, synonyms)
            whole = found if whole is None else {at: whole[at] + found[at] for at in whole.keys() & found}
            if not whole:
                return {}
        return whole or {}

    def _most_words(self, terms: Sequence[str], synonyms: Synonyms) -> dict[int, float]:
        """The same for leaves that have any of the terms, a rare one counting more."""
        total: dict[int, float] = {}
        for term in dict.fromkeys(terms):
            found = self._term(term, synonyms)
            weight = 4 * log(1 + len(self.leaves) / (1 + len(found)))
            for at, score in found.items():
                total[at] = total.get(at, 0.0) + score - weight
        return total

    def _split(self, term: str, synonyms: Synonyms) -> list[str]:
        """A word that stands nowhere, as the two that do: メンズスニーカー → メンズ, スニーカー."""
        if len(term) > LONGEST_SPLIT or self._term(term, synonyms):
            return [term]
        best = [term]
        least = 1e9
        for at in range(1, len(term)):
            parts = [term[:at], term[at:]]
            badness = min(self._all_words(parts, synonyms).values(), default=1e9)
            if badness < least:
                best, least = parts, badness
        return best

    def _term(self, term: str, synonyms: Synonyms) -> dict[int, float]:
        """leaf → how badly `term` stands in its path, for the leaves in whose path it stands."""
        ways = [(term, 0.0), *((each, SYNONYM) for each in synonyms.get(term, ()))]
        found: dict[int, float] = {}
        for name, nodes in self._nodes.items():
            costs = [_cost(word, name) + extra for word, extra in ways if _stands_in(word, name)]
            if not costs:
                continue
            cost = min(costs)
            for node in nodes:
                for at in range(node.start, node.end):
                    score = cost + BELOW * (self._depth[at] - node.depth)
                    known = found.get(at)
                    found[at] = score if known is None else min(known, score) - AGAIN
        return found

    def _ordered(self, scores: Mapping[int, float], favourites: Sequence[int], limit: int) -> list[int]:
        """The best `limit`, spread over the tree: many leaves of one corner make room for those of others."""
        ranked = sorted(
            (score + self._plainness[at], at) for at, score in scores.items() if at not in favourites
        )
        shown: Counter[tuple[str, ...]] = Counter()
        spread = []
        for badness, at in ranked[: 50 * limit]:
            corner = self._corner[at]
            spread.append((badness + CROWD * shown[corner], at))
            shown[corner] += 1
        return [*favourites, *(at for _, at in sorted(spread))][:limit]


def fold_path(path: str) -> tuple[str, ...]:
    return tuple(fold_name(name) for name in SEPARATOR.split(path))


@lru_cache(maxsize=20_000)
def fold_name(name: str) -> str:
    return fold(name)


def words(text: str) -> list[str]:
    """What staff typed, word by word, folded."""
    return [word for word in BETWEEN_WORDS.split(fold(text)) if word]


def script_words(text: str) -> list[str]:
    """The words of a text without spaces, where its writing changes: レディース財布 → レディース, 財布; folded."""
    return [fold(run) for run in RUNS.findall(unicodedata.normalize("NFKC", text))]


def name_words(name: str) -> list[str]:
    """The words of a product's name that say what it is: no numbers, no single letters or kana; each once, sorted."""
    found = {word for word in script_words(name[:MOST_CHARACTERS]) if len(word) > 1 or "一" <= word <= "龥"}
    return sorted(word for word in found if not word.replace(".", "").replace("-", "").isdigit())[
        :MOST_NAME_WORDS
    ]


def synonyms_of(same: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    """Every word → the others of its meanings, folded."""
    found: dict[str, list[str]] = {}
    for group in same:
        folded = list(dict.fromkeys(fold(word) for word in group))
        for word in folded:
            others = found.setdefault(word, [])
            others += [each for each in folded if each != word and each not in others]
    return found


def _commonness(name: str, same_name: Mapping[str, int]) -> float:
    """A name that many leaves have says little; 「その他」 of a branch that was asked for is as good as any."""
    return 0.0 if name == OTHER else COMMON * log10(same_name[name])


def _stands_in(word: str, name: str) -> bool:
    """A single kana in the middle of a name is no word."""
    if len(word) > 1 or not "ぁ" <= word <= "ー":
        return word in name
    return name.startswith(word) or name.endswith(word)


def _cost(word: str, name: str) -> float:
    """How badly `word`, which stands in `name`, is the name."""
    if word == name:
        return EXACT
    if word in _parts(name):
        return PART
    return EDGE if name.startswith(word) or name.endswith(word) else INSIDE


@lru_cache(maxsize=20_000)
def _parts(name: str) -> frozenset[str]:
    return frozenset(BETWEEN_WORDS.split(name))
