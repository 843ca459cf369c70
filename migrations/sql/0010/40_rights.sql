-- Each audience reads its own cells through a view, like everything else.
create view open_data.tile_details as
select county_code, collection, shapes_from_zoom, names_from_zoom, thing_count, measured_at from register.tile_detail where audience = 'public';
create view staff_data.tile_details as
select county_code, collection, shapes_from_zoom, names_from_zoom, thing_count, measured_at from register.tile_detail where audience = 'staff';
create view open_data.tile_cells as
select county_code, collection, z, tx, ty, cx, cy, kind, n, area_m2 from register.tile_cell where audience = 'public';
create view staff_data.tile_cells as
select county_code, collection, z, tx, ty, cx, cy, kind, n, area_m2 from register.tile_cell where audience = 'staff';
create or replace view staff_data.events as
select id, county_code, collection, code, subject_version, fields, at, is_public, was_public from register.event_outbox;

do $$
declare v text;
begin
    grant usage, create on schema open_data, staff_data to yzt_reader;
    foreach v in array array['open_data.tile_details', 'open_data.tile_cells', 'staff_data.tile_details', 'staff_data.tile_cells'] loop
        execute format('grant select on %s to yzt_staff, yzt_admin', v);
        if v like 'open_data.%' then
            execute format('grant select on %s to yzt_public, yzt_app', v);
        end if;
        execute format('alter view %s owner to yzt_reader', v);
    end loop;
    revoke create on schema open_data, staff_data from yzt_reader;
end $$;

do $$
declare f text;
begin
    foreach f in array array['tile_shares(text, text, text, bigint[])', 'follow_cells(text, text, bigint[])',
                             'set_tile_detail(text, text, text, int, bigint, int)', 'fold_cells()', 'tell_changes(text, text[], int[])',
                             'tiles_changed()', 'findings_changed()', 'rest_changed()', 'remember_public_projects()',
                             'public_test(text, text)', 'cell_kind(text)'] loop
        execute format('revoke all on function register.%s from public', f);
    end loop;
end $$;
grant execute on function register.set_tile_detail(text, text, text, int, bigint, int), register.fold_cells() to yzt_admin;
