-- The parcels of `standing` that a filter lets through, and the row each is counted in.
-- Parameters: null or codes (`none` = without one) of in_class, in_unit, in_town, in_park, in_cause, in_age, in_area; in_level; only_idle;
-- missing (a fact) with by_rule (null or a rule): those whose lead is unknown for want of it; only_disputed; by (unit, town, park, cause,
-- age, area); within_days: those whose lead changes by itself within so many days, and those of no class that come under one by then
-- (`comes_as`; null: not asked). Needs as_of, results and classes as standing.sql does.
select
    s.*,
    n.comes_as,
    coalesce(
        case cast(:by as text)
            when 'unit' then s.unit_code
            when 'town' then s.town_code
            when 'park' then s.park_code
            when 'cause' then s.cause
            when 'age' then s.age
            when 'area' then s.size
        end, 'none'
    ) as row_key
from standing as s
left join lateral (
    select (cast(:classes as text[]))[array_position(cast(:results as text[]), t.result)] as comes_as
    from staff_data.finding_turns as t
    where
        cast(:within_days as integer) is not null
        and s.class in ('none', 'undecided')
        and t.county_code = :county
        and t.parcel_id = s.subject_id
        and t.holds = 'yes'
        and t.result = any(cast(:results as text[]))
        and t.turns_on > cast(:as_of as date)
        and t.turns_on <= cast(:as_of as date) + cast(:within_days as integer)
    order by t.turns_on, array_position(cast(:results as text[]), t.result)
    limit 1
) as n on true
where
    (s.class = any(cast(:in_class as text[])) or n.comes_as = any(cast(:in_class as text[])))
    and (
        cast(:within_days as integer) is null
        or n.comes_as is not null
        or (s.class <> 'none' and s.next_on <= cast(:as_of as date) + cast(:within_days as integer))
    )
    and (cast(:in_unit as text[]) is null or coalesce(s.unit_code, 'none') = any(cast(:in_unit as text[])))
    and (cast(:in_town as text[]) is null or coalesce(s.town_code, 'none') = any(cast(:in_town as text[])))
    and (cast(:in_park as text[]) is null or coalesce(s.park_code, 'none') = any(cast(:in_park as text[])))
    and (cast(:in_cause as text[]) is null or s.cause = any(cast(:in_cause as text[])))
    and (cast(:in_age as text[]) is null or s.age = any(cast(:in_age as text[])))
    and (cast(:in_area as text[]) is null or s.size = any(cast(:in_area as text[])))
    and (not cast(:only_idle as boolean) or s.is_idle)
    and (not cast(:only_disputed as boolean) or s.is_disputed)
    and (
        cast(:in_level as text[]) is null
        or case when s.is_red then 'RED' when s.is_yellow then 'YELLOW' else 'INFO' end = any(cast(:in_level as text[]))
    )
    and (
        cast(:missing as text) is null
        or exists (
            select from staff_data.findings as f
            where
                f.county_code = :county
                and f.subject_kind = 'parcel'
                and f.subject_id = s.subject_id
                and f.holds = 'unknown'
                and cast(:missing as text) = any(f.missing)
                and (cast(:by_rule as text) is null or f.rule_id = cast(:by_rule as text))
        )
    )
