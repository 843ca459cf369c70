"""Searching: candidates by index from the names of the things this actor may see, ranked; then where those few lie.

Always through the views `names_of_<collection>`: what an actor may not see is never a candidate, is not counted, and its names
are not even passed over in the index.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.db import Actor, Audience
from geo.errors import BadInput, Problem
from geo.registry.collections import collection, visible
from geo.registry.search.forms import Forms, variants
from geo.registry.search.forms import forms as forms_of
from geo.registry.search.ranking import HOW, Fit, Match, asked_of, fit_of, near_fit, order_key
from geo.registry.search.vocabulary import vocabulary

QUERY_MAX = 100
CANDIDATES_MAX = 100
"""Names looked at per collection and way of fitting; totals above it are said to be at least that."""

NEAR_CANDIDATES_MAX = 40
PART_LETTERS_MIN = 3
"""Fewer letters have no trigram: they are looked for inside names only where there are few."""

NEAR_LETTERS_MIN = 4
FEW = frozenset({"admin_areas", "parks", "featured_towns"})
WORDS_MAX = 5
_COLUMNS = (
    "alias, kind, folded, latin, pinyin, initials, id, code, name, name_en, town_code, is_sample, is_published, state"
)
# A plan made without knowing the text is a guess at how rare it is. Parts come as they lie in the table, the first ones only:
# to sort all plots with 地块 in their name takes half a second; without synchronised scans they lie the same way every time.
_SETTINGS = text(
    "select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true), "
    "set_config('synchronize_seqscans', 'off', true), set_config('pg_trgm.word_similarity_threshold', '0.45', true)"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `text`: the name it was found by; `span`: which of its characters were meant, where that can be said."""

    collection: str
    code: str
    name: str | None
    name_en: str | None
    town_code: str | None
    state: str | None
    is_sample: bool
    how: str
    form: str
    text: str
    span: tuple[int, int] | None
    town: tuple[str | None, str | None] | None = None
    """Names of its town, Chinese and English."""
    bounds: tuple[float, float, float, float] | None = None
    """west, south, east, north in degrees, EPSG:4490."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, and how many there are per collection; `is_complete` is false where there are more than were looked at."""

    hits: tuple[Hit, ...]
    totals: dict[str, int]
    is_complete: bool
    is_similar: bool


def collections_asked(actor: Actor, kinds: str | None) -> tuple[str, ...]:
    """The collections to search, in their order: all that have names of their own, or those of `kinds`; raises BadInput."""
    seen = {c.id for c in visible(actor.audience)}
    there = tuple(c for c in vocabulary().collections if c in seen)
    if kinds is None:
        return there
    asked = {part.strip() for part in kinds[:400].split(",") if part.strip()}
    unknown = sorted(asked - set(there))
    if unknown or not asked:
        name = unknown[0][:64] if unknown else ""
        raise BadInput.at(
            "kinds",
            Problem(zh=f"没有类别“{name}”", en=f"there is no kind '{name}'"),
            Problem(zh="可用：" + "、".join(there), en="any of: " + ", ".join(there)),
        )
    return tuple(c for c in there if c in asked)


def forms_asked(query: str) -> Forms:
    """The forms of a query; raises BadInput where there is nothing in it to look for, or too much."""
    if len(query) > QUERY_MAX:
        raise BadInput.at(
            "q",
            Problem(zh="查找的文字太长", en="the text to look for is too long"),
            Problem(zh=f"最多 {QUERY_MAX} 个字符", en=f"at most {QUERY_MAX} characters"),
        )
    asked = forms_of(query)
    if not asked.units:
        raise BadInput.at(
            "q",
            Problem(zh="没有可查找的文字", en="there is nothing to look for"),
            Problem(
                zh="名称、编号、镇乡、企业，汉字、拼音或首字母",
                en="a name, code, town or firm, in characters, pinyin or initials",
            ),
        )
    return asked


@lru_cache(maxsize=512)
def _statement(
    schema: str, halves: tuple[bool, ...], collections: tuple[str, ...], ways: tuple[str, ...], words: int
) -> TextClause | None:
    """Candidates: one branch per collection, half (published, internal) and way of fitting, each bounded and in order; None where no
    collection is looked at in such a way."""
    all_words = " and ".join(f"latin like :word_{n}" for n in range(words))
    conditions = {
        "folded": ("folded >= :folded and folded < :folded_end order by folded, id", CANDIDATES_MAX),
        "latin": ("latin >= :latin and latin < :latin_end order by latin, id", CANDIDATES_MAX),
        "initials": ("initials >= :latin and initials < :latin_end order by initials, id", CANDIDATES_MAX),
        "part": ("(latin like any(:parts)" + (f" or ({all_words})" if words else "") + ")", CANDIDATES_MAX),
        "near": (":latin <% latin and latin !~ '[0-9]' order by word_similarity(:latin, latin) desc, latin, id", NEAR_CANDIDATES_MAX),
        "near_number": (":latin <% latin order by word_similarity(:latin, latin) desc, latin, id", NEAR_CANDIDATES_MAX),
    }  # fmt: skip
    branches = []
    for name in collections:
        for way in ways:
            if way == "few_part" and name not in FEW:
                continue
            condition, limit = conditions["part" if way == "few_part" else way]
            for half in halves:
                branches.append(
                    f"(select '{name}' as collection, '{way}' as way, {_COLUMNS} from {schema}.names_of_{name} "
                    f"where county_code = :county and is_published = {half} and {condition} limit {limit})"
                )
    return text(" union all ".join(branches)) if branches else None


async def search(
    connection: AsyncConnection, actor: Actor, county_code: str, query: str, limit: int, collections: tuple[str, ...]
) -> Found:
    """The things whose names fit a query best; raises BadInput for a query that cannot be asked."""
    whole = forms_asked(query)
    asked = asked_of(query, variants(whole))
    words = asked.words[:WORDS_MAX] if len(asked.words) > 1 else ()
    latin = whole.latin
    end = "\U0010ffff"
    bound: dict[str, Any] = {
        "county": county_code, "folded": whole.folded, "folded_end": whole.folded + end, "latin": latin, "latin_end": latin + end,
        "parts": [f"%{reading}%" for reading in asked.readings],
    }  # fmt: skip
    bound |= {f"word_{n}": f"%{word}%" for n, word in enumerate(words)}
    halves = (True,) if actor.audience is Audience.PUBLIC else (True, False)
    shortest = min(map(len, words)) if words else len(latin)
    part = "part" if min(shortest, len(latin)) >= PART_LETTERS_MIN else "few_part"
    beginnings = ("folded", "latin") if whole.has_han else ("latin", "initials")
    await connection.execute(_SETTINGS)

    async def candidates(ways: tuple[str, ...]) -> list[Row[Any]]:
        statement = _statement(actor.read_schema, halves, collections, ways, len(words))
        return [] if statement is None else list((await connection.execute(statement, _used(statement, bound))).all())

    def fitting(rows: list[Row[Any]]) -> list[tuple[Match, Row[Any]]]:
        return [(match, row) for row in rows if (match := fit_of(asked, row)) is not None]

    rows = await candidates(beginnings)
    best = _best(fitting(rows))
    is_settled = sum(match.fit < Fit.PART for match, _ in best) >= limit
    if not is_settled:
        rows += await candidates((part,))
        best = _best(fitting(rows))
    is_similar = not best and sum(letter.isalpha() for letter in latin) >= NEAR_LETTERS_MIN
    if is_similar:
        way = "near_number" if any(letter.isdigit() for letter in latin) else "near"
        rows = await candidates((way,))
        best = _best([(match, row) for row in rows if (match := near_fit(asked, row)) is not None])
    full = Counter((row.collection, row.way, row.is_published) for row in rows)
    is_complete = not is_settled and not is_similar and max(full.values(), default=0) < CANDIDATES_MAX
    totals = Counter(row.collection for _, row in best)
    hits = [_hit(match, row) for match, row in best[:limit]]
    hits = await _with_places(connection, actor, county_code, hits, [row.id for _, row in best[:limit]])
    return Found(tuple(hits), dict(totals), is_complete, is_similar and bool(hits))


def _used(statement: TextClause, bound: dict[str, Any]) -> dict[str, Any]:
    return {name: bound[name] for name in statement._bindparams}


def _best(matched: list[tuple[Match, Row[Any]]]) -> list[tuple[Match, Row[Any]]]:
    """Each thing once, by its best name, in order."""
    keyed = sorted(
        ((order_key(match, row.collection, row.state, row, row.code), match, row) for match, row in matched),
        key=lambda one: one[0],
    )
    seen: dict[tuple[str, int], tuple[Match, Row[Any]]] = {}
    for _, match, row in keyed:
        seen.setdefault((row.collection, row.id), (match, row))
    return list(seen.values())


def _hit(match: Match, row: Row[Any]) -> Hit:
    # A short name is a beginning of the whole one, which people know it by.
    whole = row.alias
    if row.kind == "short":
        whole = next((n for n in (row.name, row.name_en) if n and n.startswith(row.alias)), row.alias)
    span = forms_of(row.alias).span(match.start, match.end, of=match.of) if match.end else None
    return Hit(
        row.collection, row.code, row.name, row.name_en, row.town_code, row.state, row.is_sample, HOW[match.fit],
        "name" if row.kind == "short" else row.kind, whole, span,
    )  # fmt: skip


async def _with_places(
    connection: AsyncConnection, actor: Actor, county_code: str, hits: list[Hit], ids: list[int]
) -> list[Hit]:
    """Hits with their town's name and where they lie: index look-ups by the collections' own views."""
    if not hits:
        return hits
    by: dict[str, list[int]] = {}
    for hit, thing in zip(hits, ids, strict=True):
        by.setdefault(hit.collection, []).append(thing)
    statement = " union all ".join(
        f"select '{name}', id, st_xmin(geom), st_ymin(geom), st_xmax(geom), st_ymax(geom) "
        f"from {actor.read_schema}.{collection(name, actor.audience).id} where id = any(:ids_{name})"
        for name in by
    )
    rows = await connection.execute(text(statement), {f"ids_{name}": found for name, found in by.items()})
    where = {(r[0], r[1]): tuple(r[2:]) for r in rows if r[2] is not None}
    codes = sorted({hit.town_code for hit in hits if hit.town_code})
    towns = await connection.execute(
        text(
            f"select code, name, name_en from {actor.read_schema}.admin_areas where county_code = :county and code = any(:codes)"
        ),
        {"county": county_code, "codes": codes},
    )
    named = {town[0]: (town[1], town[2]) for town in towns}
    return [
        replace(hit, bounds=where.get((hit.collection, thing)), town=named.get(hit.town_code or ""))
        for hit, thing in zip(hits, ids, strict=True)
    ]


async def examples(connection: AsyncConnection, actor: Actor, county_code: str, lang: str) -> list[str]:
    """What can be typed in this county, from its own names: a town, a park by pinyin and by initials, a plot's code."""
    schema, form = actor.read_schema, "name_en" if lang == "en" else "name"
    rows = await connection.execute(
        text(
            f"(select alias, null, null from {schema}.names_of_admin_areas where county_code = :county and kind = :form order by id limit 1) "
            f"union all (select null, latin, initials from {schema}.names_of_parks where county_code = :county and kind = 'name' order by id limit 1) "
            f"union all (select alias, null, null from {schema}.names_of_parcels where county_code = :county and kind = 'code' "
            f"and is_published = true order by folded, id limit 1)"
        ),
        {"county": county_code, "form": form},
    )
    return list(dict.fromkeys(said for row in rows for said in row if said))
