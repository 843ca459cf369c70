-- Whom to ask about a thing: the service desk of its park and the office that answers for it; never a person.
-- Parameters: county, park and unit (codes or null). At most one row per `of`.
select
    'park' as "of",
    p.name,
    p.name_en,
    p.contact_desk,
    null as phone
from (
    select
        county_code,
        code,
        name,
        name_en,
        contact_desk
    from open_data.parks
    union all
    select
        county_code,
        code,
        name,
        name_en,
        contact_desk
    from open_data.featured_towns
) as p
where
    p.county_code = :county
    and p.code = :park
    and p.contact_desk is not null
union all
select
    'unit',
    u.name,
    u.name_en,
    null,
    u.phone
from open_data.units as u
where
    u.county_code = :county
    and u.code = :unit
