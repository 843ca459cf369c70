-- Land of a park by what it is today, each parcel once: suspected idle before waiting (a class of the stock) before its status; and the
-- spare land measured on it. Square metres: registered, else measured. Parameters: county, park; results (of the six classes), idle.
with own as (
    select
        p.id,
        p.status,
        coalesce(p.registered_area_m2, p.area_m2) as area_m2,
        coalesce(bool_or(f.result = :idle), false) as is_idle,
        coalesce(bool_or(f.result = any(cast(:results as text[]))), false) as is_waiting
    from staff_data.parcels as p
    left join staff_data.findings as f
        on
            p.id = f.subject_id
            and f.county_code = :county
            and f.subject_kind = 'parcel'
            and f.holds = 'yes'
    where p.county_code = :county and p.park_code = :park
    group by p.id, p.status, coalesce(p.registered_area_m2, p.area_m2)
)

select
    case
        when o.is_idle then 'idle'
        when o.is_waiting then 'waiting'
        when o.status = 'IN_USE' then 'in_use'
        when o.status in ('SUPPLIED', 'UNDER_CONSTRUCTION') then 'building'
        when o.status in ('AVAILABLE', 'ON_OFFER', 'RESERVE') then 'offered'
        when o.status = 'RESTRICTED' then 'restricted'
        else 'unknown'
    end as part,
    count(*) as parcels,
    coalesce(sum(o.area_m2), 0) as area_m2,
    count(*) filter (where o.area_m2 is null) as without_area,
    count(*) filter (where e.remainder_area_m2 is not null) as measured_parcels,
    coalesce(sum(o.area_m2) filter (where e.remainder_area_m2 is not null), 0) as measured_area_m2,
    coalesce(sum(e.remainder_area_m2), 0) as spare_area_m2,
    count(*) filter (where o.area_m2 is null and e.remainder_area_m2 is not null) as measured_without_area
from own as o
left join staff_data.land_evidence as e on o.id = e.parcel_id
group by part
