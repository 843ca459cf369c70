-- Land that waits, each parcel once by its primary flag (UNDER-06). For staff only.

create view staff_data.waiting_land as
select p.id, p.county_code, p.code, p.name, p.name_en, p.geom, p.tile_geom, p.geometry_quality, p.position_quality,
       coalesce(p.registered_area_m2, p.area_m2) as area_m2, p.town_code, p.unit_code, p.is_sample, p.data_source_id,
       f.as_of as data_date, p.version, f.computed_at as updated_at, p.code as subject_code, c.class as land_class, f.rule_id, f.result,
       f.level, f.since_on, f.next_on
from register.finding f
join register.land_class c on c.result = f.result
join register.parcel p on p.id = f.subject_id and p.county_code = f.county_code
where f.subject_kind = 'parcel' and f.holds = 'yes'
  and not exists (
      select from register.finding g
      join register.land_class d on d.result = g.result
      where g.county_code = f.county_code and g.subject_kind = f.subject_kind and g.subject_id = f.subject_id and g.holds = 'yes'
        and (d.rank, g.rule_id) < (c.rank, f.rule_id));

grant create on schema staff_data to yzt_reader;
alter view staff_data.waiting_land owner to yzt_reader;
revoke create on schema staff_data from yzt_reader;
grant select on staff_data.waiting_land to yzt_staff, yzt_admin;
