-- A work is seen with its park: town and unit are the park's. Its state is that of today in the county's zone.

drop view open_data.park_works;
drop view staff_data.park_works;

create view open_data.park_works as
select w.id, w.county_code, w.code, w.name, w.name_en, w.geom_public as geom, w.tile_geom_public as tile_geom, w.geometry_quality,
       w.position_quality, w.area_m2, x.town_code, x.unit_code, w.is_sample, w.data_source_id, w.data_date, w.version, w.updated_at,
       w.park_code, w.kind,
       register.work_status(w.planned_start_on, w.planned_end_on, w.started_on, w.finished_on,
           (now() at time zone (select c.time_zone from register.county c where c.code = w.county_code))::date) as status,
       w.planned_start_on, w.planned_end_on, w.started_on, w.finished_on, w.length_m
from register.park_work w
join register.park x on x.county_code = w.county_code and x.code = w.park_code
where x.publication_state = 'published';

create view staff_data.park_works as
select w.id, w.county_code, w.code, w.name, w.name_en, w.geom, w.tile_geom, w.geometry_quality,
       w.position_quality, w.area_m2, x.town_code, x.unit_code, w.is_sample, w.data_source_id, w.data_date, w.version, w.updated_at,
       w.park_code, w.kind,
       register.work_status(w.planned_start_on, w.planned_end_on, w.started_on, w.finished_on,
           (now() at time zone (select c.time_zone from register.county c where c.code = w.county_code))::date) as status,
       w.planned_start_on, w.planned_end_on, w.started_on, w.finished_on, w.length_m
from register.park_work w
join register.park x on x.county_code = w.county_code and x.code = w.park_code;

create view staff_data.park_work_versions as select * from register.park_work_version;

alter table register.park_work_version enable row level security;
alter table register.park_work_version force row level security;
create policy owner_all on register.park_work_version to yzt_owner using (true) with check (true);
create policy admin_all on register.park_work_version to yzt_admin using (true) with check (true);
create policy reader on register.park_work_version for select to yzt_reader using (true);
grant select on register.park_work_version to yzt_reader;
grant select, insert, update, delete on register.park_work_version to yzt_admin;

revoke all on function register.derive_work_length(), register.park_works_follow(),
register.work_status(date, date, date, date, date) from public;
grant execute on function register.work_status(date, date, date, date, date) to yzt_reader, yzt_public, yzt_staff, yzt_admin, yzt_owner;

grant create on schema open_data, staff_data to yzt_reader;
alter view open_data.park_works owner to yzt_reader;
alter view staff_data.park_works owner to yzt_reader;
alter view staff_data.park_work_versions owner to yzt_reader;
revoke create on schema open_data, staff_data from yzt_reader;
grant select on open_data.park_works to yzt_public, yzt_staff, yzt_admin, yzt_app;
grant select on staff_data.park_works, staff_data.park_work_versions to yzt_staff, yzt_admin;
