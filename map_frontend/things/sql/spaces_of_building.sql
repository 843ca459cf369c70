-- Floors and numbered parts of one building. Parameters: county, building (codes).
select
    floor,
    part_no,
    area_m2,
    is_vacant,
    rent_cny_m2_month
from open_data.building_spaces
where
    county_code = :county
    and building_code = :building
order by floor, part_no
