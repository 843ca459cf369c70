-- The last import into each collection of a county, for the catalogue. The public hears of published imports only, and only when.
create view open_data.last_imports as
select distinct on (b.county_code, b.collection) b.county_code, b.collection, b.finished_at, null::text as file_name, null::bigint as batch_id
from register.import_batch b
where b.state in ('applied', 'applied_with_rejects') and b.undoes_batch_id is null and b.options ->> 'publish' = 'true'
order by b.county_code, b.collection, b.finished_at desc;

create view staff_data.last_imports as
select distinct on (b.county_code, b.collection) b.county_code, b.collection, b.finished_at, b.file_name, b.id as batch_id
from register.import_batch b
where b.state in ('applied', 'applied_with_rejects') and b.undoes_batch_id is null
order by b.county_code, b.collection, b.finished_at desc;

grant create on schema open_data, staff_data to yzt_reader;
alter view open_data.last_imports owner to yzt_reader;
alter view staff_data.last_imports owner to yzt_reader;
revoke create on schema open_data, staff_data from yzt_reader;
grant select on open_data.last_imports to yzt_public, yzt_staff, yzt_admin, yzt_app;
grant select on staff_data.last_imports to yzt_staff, yzt_admin;
