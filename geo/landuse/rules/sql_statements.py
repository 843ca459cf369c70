"""One set-based statement per rule version, made from the same tree the pure evaluator walks; and one that keeps all leads of a county.

Bound: `county`, `as_of`, `known_at`, `ids` (bigint[] or null = all). Relies on the functions of migrations 0004 and 0012, on
ix_fact_subject, ix_clock_pause_parcel and uq_finding_county_code_subject_kind_subject_id_rule_id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from sqlalchemy import TextClause, text

from geo.clock import EARLIEST, LATEST
from geo.landuse.rules.catalogue import Catalogue, catalogue
from geo.landuse.rules.evaluate import holds_tree, inputs_of, reads_pauses, target
from geo.landuse.rules.kinds import DECIMALS, LARGEST, Base
from geo.landuse.rules.rule import InputSpec, Rule
from geo.landuse.rules.sql_trees import KNOWN_AT, NEVER, SqlTrees, names, quoted
from geo.landuse.rules.stopped import STOPPED
from geo.landuse.rules.tree import AsOf, Call, Node, Parameter, ParameterOn, Reference, Table, children, walk

AS_OF = "cast(:as_of as date)"
KEPT_DAYS = "forecast.kept_days"
"""Parameter: so many days ahead the turns of leads are kept."""
HORIZON = f"({AS_OF} + (select coalesce(max(r.num), 0)::integer from rate r where r.key = '{KEPT_DAYS}'))"
_PAUSES = f"""
            left join register.parcel_pauses(:county, cast(:ids as bigint[]), {AS_OF}, {KNOWN_AT}) p on p.parcel_id = x.id"""
_COLUMNS = ("parcel_id", "parcel_code", "rule_id", "rule_version", "holds", "result", "level", "since_on", "next_on", "inputs", "parameters", "missing", "basis")  # fmt: skip


def _reached(nodes: Iterable[Node], rules: Mapping[str, Rule]) -> list[Node]:
    """The nodes and all below them, through references."""
    found: list[Node] = []
    for node in nodes:
        found.append(node)
        below = target(node, rules) if isinstance(node, Reference) else None
        found += _reached([below] if below is not None else children(node), rules)
    return found


class Statements:
    """The statements of the rules in force together on a day."""

    def __init__(self, rules: Mapping[str, Rule], inputs: Mapping[str, InputSpec]) -> None:
        self.rules, self.inputs = rules, inputs
        self.kinds = {name: spec.kind for name, spec in inputs.items()}

    @lru_cache(maxsize=256)  # noqa: B019 - statements live as long as the catalogue
    def judge(self, rule_id: str) -> TextClause:
        """What one rule says of every parcel asked for; one row each, also where it does not apply."""
        rule = self.rules[rule_id]
        return text(f"with {self._sources([rule])}\n{_told_apart(self._answers(rule))}\norder by parcel_id")

    @lru_cache(maxsize=1)  # noqa: B019
    def judge_leads(self) -> TextClause:
        """What all leads say of every parcel asked for; a row for each lead that applies."""
        leads, answers = self._leads()
        return text(f"with {self._sources(leads)}\n{_told_apart(answers)}\norder by parcel_id, rule_id")

    def _leads(self, with_turns: bool = False) -> tuple[list[Rule], str]:
        leads = [rule for rule in self.rules.values() if rule.is_lead]
        return leads, "\nunion all\n".join(self._answers(rule, True, with_turns) for rule in leads)

    @lru_cache(maxsize=1)  # noqa: B019
    def keep(self) -> TextClause:
        """Write the answers of all leads as findings, and the turns to come; returns how many findings stand and how many went.

        Turns (register.finding_turn) are those of the days up to the horizon, also of leads that do not apply yet.
        """
        leads, answers = self._leads(with_turns=True)
        return text(f"""
            with {self._sources(leads)}, answers as materialized (
            {answers}
            ), kept as (
                insert into register.finding (county_code, code, subject_kind, subject_id, rule_id, rule_version, as_of, holds, result,
                                              level, since_on, next_on, inputs, parameters, missing, basis)
                select :county, a.parcel_code || '.' || a.rule_id, 'parcel', a.parcel_id, a.rule_id, a.rule_version, {AS_OF}, a.holds,
                       a.result, a.level, a.since_on, a.next_on, a.inputs, a.parameters, a.missing, a.basis
                from answers a
                where a.holds <> 'not_applicable'
                on conflict (county_code, subject_kind, subject_id, rule_id) do update
                    set (code, rule_version, as_of, holds, result, level, since_on, next_on, inputs, parameters, missing, basis,
                         computed_at) =
                        (excluded.code, excluded.rule_version, excluded.as_of, excluded.holds, excluded.result, excluded.level,
                         excluded.since_on, excluded.next_on, excluded.inputs, excluded.parameters, excluded.missing, excluded.basis,
                         clock_timestamp())
                returning 1
            ), standing as (
                select i.id, array_agg(a.rule_id) as rule_ids
                from input i
                left join answers a on a.parcel_id = i.id and a.holds <> 'not_applicable'
                group by i.id
            ), gone as (
                delete from register.finding f
                using standing s
                where f.county_code = :county and f.subject_kind = 'parcel' and f.subject_id = s.id
                  and (f.rule_id = any (s.rule_ids)) is not true
                returning 1
            ), turns as materialized (
                select a.parcel_id, a.rule_id, a.rule_version, u.turns_on, u.before, u.after
                from answers a
                cross join lateral unnest(a.turns_on, array[a.said] || a.turns_to, a.turns_to) u(turns_on, before, after)
                where u.turns_on is not null
            ), turned as (
                insert into register.finding_turn (county_code, parcel_id, rule_id, rule_version, turns_on, from_holds, from_result,
                                                   from_level, holds, result, level)
                select :county, t.parcel_id, t.rule_id, t.rule_version, t.turns_on, {_parts("t.before")}, {_parts("t.after")}
                from turns t
                on conflict (county_code, parcel_id, rule_id, turns_on) do update
                    set (rule_version, from_holds, from_result, from_level, holds, result, level, computed_at) =
                        (excluded.rule_version, excluded.from_holds, excluded.from_result, excluded.from_level, excluded.holds,
                         excluded.result, excluded.level, clock_timestamp())
                    where (finding_turn.rule_version, finding_turn.from_holds, finding_turn.from_result, finding_turn.from_level,
                           finding_turn.holds, finding_turn.result, finding_turn.level)
                        is distinct from (excluded.rule_version, excluded.from_holds, excluded.from_result, excluded.from_level,
                                          excluded.holds, excluded.result, excluded.level)
                returning 1
            ), passed as (
                delete from register.finding_turn f
                using input i
                where f.county_code = :county and f.parcel_id = i.id
                  and not exists (
                      select from turns t
                      where t.parcel_id = f.parcel_id and t.rule_id = f.rule_id and t.turns_on = f.turns_on)
                returning 1
            )
            select (select count(*) from kept) as kept, (select count(*) from gone) as gone
            """)

    def _sources(self, rules: list[Rule]) -> str:
        """`rate` and `law`: parameters in force; `input`: one row per parcel with all that the rules read.

        Where a rule leans on another, that other's value is a column of `input` ("IDLE-00.start_due_on"), computed once.
        """
        nodes = _reached([e.tree for rule in rules for e in rule.expressions().values()], self.rules)
        keys = sorted({n.key for n in nodes if isinstance(n, Parameter)})
        wanted = sorted({name for node in nodes for name in inputs_of(node, self.rules)})
        tables = sorted({n.prefix for n in nodes if isinstance(n, Table)})
        facts = [self.inputs[n] for n in wanted if not self.inputs[n].is_column]
        columns = [self.inputs[n] for n in wanted if self.inputs[n].is_column]
        law = ", ".join(
            [f'max(num) filter (where key = {quoted(k)}) as "{k}", max(den) filter (where key = {quoted(k)}) as "{k}/"'
             for k in keys] + [_table(prefix) for prefix in tables]
        )  # fmt: skip
        stops = any(reads_pauses(node, self.rules) for node in nodes)
        pivot = "".join(f",\n            {_pivot(spec)}" for spec in facts)
        told = "".join(f', f."{spec.name}"' for spec in facts)
        kept = "".join(
            f', case when {_usable(spec, "x." + spec.name)} then x."{spec.name}" end as "{spec.name}"'
            for spec in columns
        )
        joins, aliases, _ = self._stages(self._references(nodes), AS_OF, "s", {})
        return f"""rate as materialized (
            select distinct on (key) key, value_num as num, value_den as den
            from register.parameter
            where effective_on <= {AS_OF} and recorded_at <= {KNOWN_AT} and (county_code = :county or county_code is null)
            order by key, county_code nulls last, effective_on desc, recorded_at desc
        ), law as materialized (
            select {law or "count(*) as none"} from rate
        ), told as materialized (
            select x.id, x.code{kept}{told}{", p.pauses" if stops else ""}
            from register.parcel_columns(:county, cast(:ids as bigint[]), {KNOWN_AT}) x
            left join (
                select subject_id{pivot}
                from register.parcel_facts(:county, cast(:ids as bigint[]), {AS_OF}, {KNOWN_AT})
                group by subject_id
            ) f on f.subject_id = x.id{_PAUSES if stops else ""}
            where x.id not in (select register.succeeded_parcels(:county, {AS_OF}, {KNOWN_AT}))
        ), input as materialized (
            select i.*{"".join(f", {alias}.*" for alias in aliases)}
            from told i
            cross join law{joins}
        )"""

    def _references(self, nodes: Iterable[Node]) -> list[Reference]:
        """What the nodes say of other rules in force, each once, those that others lean on first."""
        found = {
            (n.rule_id, n.name): n for n in nodes if isinstance(n, Reference) and target(n, self.rules) is not None
        }
        return sorted(found.values(), key=lambda n: (self._depth(n), n.rule_id, n.name))

    def _depth(self, node: Reference) -> int:
        below = target(node, self.rules)
        inner = list(walk(below)) if below is not None else []
        return 1 + max((self._depth(n) for n in inner if isinstance(n, Reference)), default=0)

    def _turns(self, node: Reference) -> bool:
        """Whether it depends on the day of the question."""
        below = target(node, self.rules)
        return below is not None and any(
            isinstance(n, AsOf) or (isinstance(n, Call) and n.name == "happened") for n in _reached([below], self.rules)
        )

    def _stages(
        self, references: list[Reference], as_of: str, prefix: str, staged: Mapping[tuple[str, str], str]
    ) -> tuple[str, list[str], dict[tuple[str, str], str]]:
        """Joins that compute what is referred to, one step for each depth; their aliases; where each then stands."""
        stands, joins, aliases = dict(staged), "", []
        for depth in sorted({self._depth(n) for n in references}):
            trees, alias = SqlTrees(self.rules, self.kinds, as_of, dict(stands)), f"{prefix}{depth}"
            made = []
            for node in (n for n in references if self._depth(n) == depth):
                below, column = target(node, self.rules), f"{node.rule_id}.{node.name}"
                assert below is not None
                if trees.is_number(below):
                    pair = trees.number(below)
                    made.append(f'{pair.num} as "{column}", {pair.below} as "{column}/"')
                else:
                    made.append(f'({trees.value(below)}) as "{column}"')
                stands[node.rule_id, node.name] = f'{alias}."{column}"'
            joins += f"\n            cross join lateral (select {', '.join(made)} offset 0) {alias}"
            aliases.append(alias)
        return joins, aliases, stands

    def _answers(self, rule: Rule, only_applicable: bool = False, with_turns: bool = False) -> str:
        assert rule.condition is not None
        own = [e.tree for e in (rule.applies, rule.condition, rule.result, rule.level) if e is not None]
        everything = self._references(_reached([e.tree for e in rule.expressions().values()], self.rules))
        now = SqlTrees(
            self.rules, self.kinds, AS_OF, {(n.rule_id, n.name): f'i."{n.rule_id}.{n.name}"' for n in everything}
        )
        since = now.coming(rule.since_on.tree) if rule.since_on else "null::date"
        days = sorted({day for tree in own for day in now.turning_days(tree)})
        turning = [n for n in self._references(_reached(own, self.rules)) if self._turns(n)]
        still = {key: column for key, column in now.staged.items() if not self._turns(Reference(*key))}
        joins, _, stands = self._stages(turning, "c.day", "d", still)
        later = SqlTrees(self.rules, self.kinds, "c.day", stands)
        turns = f"""(
                select min(c.day)
                from ({_tried(days)}) c{joins}
                cross join lateral ({_asked(later, rule)}) t
                cross join lateral ({_told(later, rule)}) h
                where (h.holds, h.result, h.level) is distinct from (now.holds, now.result, now.level)
            )""" if days else "null::date"  # fmt: skip
        further, ahead, asked_for = "", "", "where now.holds <> 'not_applicable'" if only_applicable else ""
        if with_turns:
            ahead = _ahead(days, joins, later, rule)
            turns, further = "ahead.next_on", ", ahead.turns_on, ahead.turns_to, now.said"
            asked_for = "where now.holds <> 'not_applicable' or ahead.turns_on is not null"
        missing = f"array(select distinct m from unnest({now.missing(holds_tree(rule))}) m order by m)"
        return f"""select i.id as parcel_id, i.code as parcel_code, {quoted(rule.id)} as rule_id, {rule.version} as rule_version, now.holds,
               now.result, now.level, {since} as since_on, {turns} as next_on,
               {self._inputs(rule, now)} as inputs, {self._parameters(rule, now)} as parameters,
               case when now.holds = 'unknown' then {missing} else '{{}}'::text[] end as missing,
               {names(rule.basis)} as basis{further}
        from input i
        cross join law
        cross join lateral ({_asked(now, rule)}) t
        cross join lateral ({_told(now, rule)}) now{ahead}
        {asked_for}"""

    def _inputs(self, rule: Rule, now: SqlTrees) -> str:
        used = sorted({n for e in rule.expressions().values() for n in inputs_of(e.tree, self.rules)})
        shown = [f"{quoted(n)}, {_shown_fact(self.inputs[n])}" for n in used]
        if any(reads_pauses(e.tree, self.rules) for e in rule.expressions().values()):
            shown.append("'pauses', register.shown_pauses(i.pauses)")
        for name, expression in rule.values.items():
            tree = Reference(rule.id, name) if (rule.id, name) in now.staged else expression.tree
            if now.is_number(tree):
                pair = now.number(tree)
                shown.append(f"{quoted(name)}, register.shown_number({pair.num}, {pair.below})")
            elif now.may_stand_still(tree):
                day = now.value(tree)
                shown.append(f"{quoted(name)}, case when {day} = {NEVER} then {quoted(STOPPED)} else ({day})::text end")
            else:
                shown.append(f"{quoted(name)}, {now.value(tree)}")
        parts = [
            f"jsonb_build_object({', '.join(shown[at : at + 40])})" for at in range(0, len(shown), 40)
        ]  # at most 100 arguments
        return f"jsonb_strip_nulls({' || '.join(parts)})" if parts else "'{}'::jsonb"

    def _parameters(self, rule: Rule, now: SqlTrees) -> str:
        nodes = _reached([e.tree for e in rule.expressions().values()], self.rules)
        keys = sorted({n.key for n in nodes if isinstance(n, Parameter)})
        parts = [f"(select coalesce(jsonb_object_agg(k.key, k.value), '{{}}') from unnest({names(keys)}) n "
                 f"cross join lateral jsonb_each(register.parameter_shown(n, :county, {AS_OF}, {KNOWN_AT})) k)"] if keys else []  # fmt: skip
        for node in dict.fromkeys(n for n in nodes if isinstance(n, ParameterOn | Table)):
            if isinstance(node, ParameterOn):
                parts.append(
                    f"register.parameter_shown({quoted(node.key)}, :county, {now.value(node.day)}, {KNOWN_AT})"
                )
            else:
                parts.append(
                    f"register.parameter_shown({quoted(node.prefix + '.')} || ({now.value(node.code)}), :county, {AS_OF}, {KNOWN_AT})"
                )
        return " || ".join(parts) if parts else "'{}'::jsonb"


def _told_apart(answers: str) -> str:
    """Answers to be read and not kept: `inputs` as JSON text, whose numbers a reader takes as they stand."""
    columns = ", ".join("inputs::text as inputs" if name == "inputs" else name for name in _COLUMNS)
    return f"select {columns} from (\n{answers}\n) a"


def _ahead(days: list[str], joins: str, later: SqlTrees, rule: Rule) -> str:
    """`next_on`, and every turn up to the horizon: its day, and what the rule says from it on.

    Of a lead that does not apply only the days up to the horizon are tried.
    """
    if not days:
        return "\n        cross join (select null::date as next_on, null::date[] as turns_on, null::text[] as turns_to) ahead"
    return f"""
        cross join lateral (
            select min(s.day) filter (where s.said <> s.before) as next_on,
                   array_agg(s.day order by s.day) filter (where s.said <> s.before and s.day <= {HORIZON}) as turns_on,
                   array_agg(s.said order by s.day) filter (where s.said <> s.before and s.day <= {HORIZON}) as turns_to
            from (
                select c.day, h.said, lag(h.said, 1, now.said) over (order by c.day) as before
                from ({_tried(days, f"and (now.holds <> 'not_applicable' or b.day + n.days <= {HORIZON})")}) c{joins}
                cross join lateral ({_asked(later, rule)}) t
                cross join lateral ({_told(later, rule)}) h
            ) s
        ) ahead"""


def _tried(days: list[str], only: str = "") -> str:
    """The days ahead on which an answer may turn: `days` and the days after them, each worked out once."""
    listed = ", ".join(f"({day})" for day in days)
    return f"""select distinct b.day + n.days as day
                      from (values {listed}) b(day) cross join (values (0), (1)) n(days)
                      where b.day >= {AS_OF} and b.day < {NEVER} and b.day + n.days > {AS_OF} {only}"""


def _table(prefix: str) -> str:
    """The parameters of a table as two columns of `law`: numerators and denominators by what follows the prefix."""
    at, own = len(prefix) + 2, f"filter (where starts_with(key, {quoted(prefix + '.')}))"
    return ", ".join(
        f'jsonb_object_agg(substr(key, {at}), {column}) {own} as "{prefix}.{part}"'
        for column, part in (("num", "*"), ("den", "*/"))
    )


def _parts(said: str) -> str:
    """What stands in `said` as holds, result, level."""
    return ", ".join(f"nullif(split_part({said}, '/', {n}), '')" for n in (1, 2, 3))


def _asked(trees: SqlTrees, rule: Rule) -> str:
    """Whether the rule applies and its condition is met, each once (`offset 0` keeps the planner from writing them out again)."""
    assert rule.condition is not None
    applies = trees.value(rule.applies.tree) if rule.applies else "true"
    return f"select ({applies}) as applies, ({trees.value(rule.condition.tree)}) as condition offset 0"


def _told(trees: SqlTrees, rule: Rule) -> str:
    yes = "t.applies and t.condition"
    result, level = (
        f"case when {yes} then {trees.value(e.tree)} end" if e else "null::text" for e in (rule.result, rule.level)
    )
    holds = f"case when not t.applies then 'not_applicable' when {yes} then 'yes' when not t.condition then 'no' else 'unknown' end"
    return (f"select a.*, concat(a.holds, '/', a.result, '/', a.level) as said "
            f"from (select {holds} as holds, {result} as result, {level} as level offset 0) a offset 0")  # fmt: skip


def _usable(spec: InputSpec, column: str) -> str:
    match spec.kind.base:
        case Base.DATE:
            return f"{column} between date '{EARLIEST}' and date '{LATEST}'"
        case Base.NUMBER:
            return f"abs({column}) < {LARGEST} and scale(trim_scale({column})) <= {DECIMALS}"
    return "true"


def _pivot(spec: InputSpec) -> str:
    column = {Base.DATE: "value_date", Base.NUMBER: "value_number", Base.BOOL: "value_bool", Base.CODE: "value_text"}[
        spec.kind.base
    ]
    most = "bool_or" if spec.kind.base is Base.BOOL else "max"
    return f'{most}({column}) filter (where kind = {quoted(spec.name)} and {_usable(spec, column)}) as "{spec.name}"'


def _shown_fact(spec: InputSpec) -> str:
    return f'trim_scale(i."{spec.name}")' if spec.kind.base is Base.NUMBER else f'i."{spec.name}"'


def statements(day: date, rules: Catalogue | None = None) -> Statements:
    """The statements for a day; made once per set of rule versions."""
    source = rules or catalogue()
    return _for_versions(source, tuple(rule for rule in source.on(day).values() if rule.method is None))


_MADE: dict[tuple[str, ...], Statements] = {}


def _for_versions(source: Catalogue, rules: tuple[Rule, ...]) -> Statements:
    key = (str(id(source)), *(f"{rule.id}/{rule.version}" for rule in rules))
    if key not in _MADE:
        _MADE[key] = Statements({rule.id: rule for rule in rules}, source.vocabulary.inputs)
    return _MADE[key]
