-- Turns for the worse of a county's leads in (as_of, until], by day, parcel code, rule; each with its parcel. Area m2.
-- unit, results: null = all; levels: those wanted; after_*: the place in the list to go on from (null = the beginning).
-- Relies on ix_finding_turn_worse.
select
    t.parcel_id, t.parcel_code, t.parcel_name, t.parcel_name_en, t.unit_code, t.town_code, t.area_m2, t.is_sample, t.rule_id,
    t.turns_on, t.from_holds, t.from_result, t.from_level, t.holds, t.result, t.level, t.computed_at
from staff_data.finding_turns t
where
    t.county_code = :county and t.is_worse and t.turns_on > cast(:as_of as date) and t.turns_on <= cast(:until as date)
    and (cast(:unit as text) is null or t.unit_code = :unit)
    and (cast(:results as text []) is null or t.result = any(:results))
    and t.level = any(cast(:levels as text []))
    and t.turns_on >= coalesce(cast(:after_on as date), t.turns_on)
    and (
        cast(:after_on as date) is null
        or (t.turns_on, t.parcel_code, t.rule_id) > (cast(:after_on as date), cast(:after_code as text), cast(:after_rule as text))
    )
order by t.turns_on, t.parcel_code, t.rule_id
limit :limit
