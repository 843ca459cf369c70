-- Parcels of a county that leads were judged of, each once: its class by the primary flag (UNDER-06), 'undecided' where no flag holds
-- and one cannot be judged, else 'none'; how long, how large, why, and the next day on which a lead changes by itself.
-- Parameters: county; rules (leads that count), class_rules (those whose not knowing leaves a parcel undecided), results (flags, the
-- one that goes first at the head) beside classes; idle (result); as_of (date); age_codes beside age_months, area_codes beside area_mu
-- (bands, rising); mu_num, mu_den (mu per square metre); long_months. Area in square metres: registered, else measured.
-- `is_disputed`: somebody said of a lead that holds that it is wrong, and the lead still answers as it did then; it counts all the same.
-- Relies on uq_finding_county_code_subject_kind_subject_id_rule_id and the primary keys.
with disputed as (
    select distinct o.parcel_id
    from staff_data.finding_overrides as o
    inner join staff_data.findings as f
        on o.county_code = f.county_code and o.parcel_id = f.subject_id and o.rule_id = f.rule_id and f.subject_kind = 'parcel'
    where
        o.county_code = :county
        and o.retracted_by_override_id is null
        and o.rule_id = any(cast(:rules as text[]))
        and f.holds = 'yes'
        and (f.rule_version, f.holds, f.result, f.level) is not distinct from (o.rule_version, o.holds, o.result, o.level)
),

lead as (
    select
        f.subject_id,
        (
            array_agg(f.result order by array_position(cast(:results as text[]), f.result), f.rule_id)
            filter (where f.holds = 'yes' and f.result = any(cast(:results as text[])))
        )[1] as flag,
        (
            array_agg(f.since_on order by array_position(cast(:results as text[]), f.result), f.rule_id)
            filter (where f.holds = 'yes' and f.result = any(cast(:results as text[])))
        )[1] as since_on,
        coalesce(bool_or(f.holds = 'yes' and f.result = :idle), false) as is_idle,
        coalesce(bool_or(f.holds = 'yes' and f.level = 'RED'), false) as is_red,
        coalesce(bool_or(f.holds = 'yes' and f.level = 'YELLOW'), false) as is_yellow,
        coalesce(bool_or(f.holds = 'unknown' and f.rule_id = any(cast(:class_rules as text[]))), false) as is_open,
        (
            array_agg(f.rule_id order by f.next_on, f.rule_id) filter (where f.next_on > cast(:as_of as date))
        )[1] as next_rule_id,
        min(f.next_on) filter (where f.next_on > cast(:as_of as date)) as next_on,
        min(f.as_of) as judged_on
    from staff_data.findings as f
    where f.county_code = :county and f.subject_kind = 'parcel' and f.rule_id = any(cast(:rules as text[]))
    group by f.subject_id
),

placed as (
    select
        l.*,
        p.code,
        p.name,
        p.name_en,
        p.unit_code,
        p.town_code,
        p.park_code,
        p.is_sample,
        coalesce(p.registered_area_m2, p.area_m2) as area_m2,
        d.parcel_id is not null as is_disputed,
        case
            when l.flag is not null
                then (cast(:classes as text[]))[array_position(cast(:results as text[]), l.flag)]
            when l.is_open then 'undecided'
            else 'none'
        end as class,
        coalesce(nullif(c.cause, 'UNKNOWN'), nullif(p.delay_cause, 'UNKNOWN'), s.kind, 'UNKNOWN') as cause
    from lead as l
    inner join staff_data.parcels as p on l.subject_id = p.id
    left join disputed as d on l.subject_id = d.parcel_id
    left join lateral (
        select i.cause
        from staff_data.idle_cases as i
        where i.county_code = :county and i.parcel_id = l.subject_id
        order by i.is_open desc, i.opened_on desc, i.id desc
        limit 1
    ) as c on true
    left join lateral (
        select w.kind
        from staff_data.clock_pauses as w
        where
            w.parcel_id = l.subject_id
            and w.from_on <= cast(:as_of as date)
            and w.retracted_at is null
        order by w.from_on desc, w.id desc
        limit 1
    ) as s on true
)

select
    x.*,
    coalesce(a.code, 'none') as age,
    coalesce(m.code, 'none') as size,
    coalesce(x.since_on + make_interval(months => :long_months) <= cast(:as_of as date), false) as is_long
from placed as x
left join lateral (
    select b.code
    from unnest(cast(:age_codes as text[]), cast(:age_months as integer[])) as b (code, begins)
    where x.since_on + make_interval(months => b.begins) <= cast(:as_of as date)
    order by b.begins desc
    limit 1
) as a on true
left join lateral (
    select b.code
    from unnest(cast(:area_codes as text[]), cast(:area_mu as numeric[])) as b (code, begins)
    where x.area_m2 * :mu_num >= b.begins * :mu_den
    order by b.begins desc
    limit 1
) as m on true
