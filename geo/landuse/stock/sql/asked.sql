-- The parcels of `standing` that a filter lets through, and the row each is counted in.
-- Parameters: null or codes (`none` = without one) of in_class, in_unit, in_town, in_park, in_cause, in_age, in_area; in_level; only_idle;
-- missing (a fact) with by_rule (null or a rule): those whose lead is unknown for want of it; by (unit, town, park, cause, age, area).
select
    s.*,
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
where
    s.class = any(cast(:in_class as text[]))
    and (cast(:in_unit as text[]) is null or coalesce(s.unit_code, 'none') = any(cast(:in_unit as text[])))
    and (cast(:in_town as text[]) is null or coalesce(s.town_code, 'none') = any(cast(:in_town as text[])))
    and (cast(:in_park as text[]) is null or coalesce(s.park_code, 'none') = any(cast(:in_park as text[])))
    and (cast(:in_cause as text[]) is null or s.cause = any(cast(:in_cause as text[])))
    and (cast(:in_age as text[]) is null or s.age = any(cast(:in_age as text[])))
    and (cast(:in_area as text[]) is null or s.size = any(cast(:in_area as text[])))
    and (not cast(:only_idle as boolean) or s.is_idle)
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
