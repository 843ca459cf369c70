-- Who keeps something in memory is told what changed, when it is committed: channel `register_changes`, JSON
-- {"c": county, "l": [collections], "b": [[x0, y0, x1, y1], ...]}; boxes of old and new shapes in tile numbers of zoom 18,
-- grouped by blocks of 256 tiles. Without "b" the whole collections, without "l" the whole county.

create function register.tell_changes(p_county text, p_collections text[], p_boxes int[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    boxes_max constant int := 200;
    a_message constant int := 100;
    boxes int[];
    first int;
begin
    if p_boxes is null then
        perform pg_notify('register_changes', json_build_object('c', p_county, 'l', p_collections)::text);
        return;
    end if;
    boxes := p_boxes;
    if array_length(boxes, 1) > boxes_max then  -- spread all over: one box is the shorter truth
        select array[array[min(boxes[i][1]), min(boxes[i][2]), max(boxes[i][3]), max(boxes[i][4])]] into boxes
        from generate_subscripts(boxes, 1) i;
    end if;
    first := 1;
    loop
        perform pg_notify('register_changes', json_build_object('c', p_county, 'l', p_collections,
                                                                'b', boxes[first : first + a_message - 1])::text);
        first := first + a_message;
        exit when first > coalesce(array_length(boxes, 1), 0);
    end loop;
end $$;

-- AFTER STATEMENT on tables of things: cells follow, caches are told. Arguments: the collections that show the table's rows; the
-- first ones have cells.
create function register.tiles_changed() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    each text := '%1$s.county_code, %1$s.id, %1$s.tile_geom as g, %1$s.tile_geom_public as p from ';
    source text;
    t record;
    layer text;
begin
    source := case tg_op
        when 'INSERT' then format('select ' || each || 'new_rows r', 'r')
        when 'DELETE' then format('select ' || each || 'old_rows r', 'r')
        else format('select ' || each || 'new_rows n join old_rows o on o.id = n.id where n.version is distinct from o.version', 'n')
             || ' union all '
             || format('select ' || each || 'new_rows n join old_rows o on o.id = n.id where n.version is distinct from o.version', 'o')
        end;
    for t in execute format(
        'with r as (%s), box as (
             select county_code, id,
                    floor((least(st_xmin(g), st_xmin(p)) + 20037508.342789244) / 152.8740565703525)::int as x0,
                    floor((20037508.342789244 - greatest(st_ymax(g), st_ymax(p))) / 152.8740565703525)::int as y0,
                    floor((greatest(st_xmax(g), st_xmax(p)) + 20037508.342789244) / 152.8740565703525)::int as x1,
                    floor((20037508.342789244 - least(st_ymin(g), st_ymin(p))) / 152.8740565703525)::int as y1
             from r
         ), block as (
             select county_code, array_agg(id) as ids, min(x0) as x0, min(y0) as y0, max(x1) as x1, max(y1) as y1
             from box group by county_code, x0 >> 8, y0 >> 8
         )
         select county_code, array_agg(array[x0, y0, x1, y1]) filter (where x0 is not null) as boxes,
                (select array_agg(distinct b.id) from box b where b.county_code = block.county_code) as ids
         from block group by county_code', source)
    loop
        foreach layer in array tg_argv loop
            if layer not in ('findings', 'projects', 'policies') then
                perform register.follow_cells(t.county_code, layer, t.ids);
            end if;
        end loop;
        perform register.tell_changes(t.county_code, tg_argv, coalesce(t.boxes, '{}'));
    end loop;
    return null;
end $$;

-- AFTER STATEMENT on finding: leads lie on parcels and colour them.
create function register.findings_changed() returns trigger
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    few constant int := 1000;
    source text := case tg_op when 'INSERT' then 'select county_code, subject_id from new_rows' when 'DELETE' then 'select county_code, subject_id from old_rows'
                   else 'select county_code, subject_id from new_rows union select county_code, subject_id from old_rows' end;
    t record;
    boxes int[];
begin
    for t in execute format('select county_code, array_agg(distinct subject_id) as ids from (%s) r group by 1', source) loop
        boxes := null;
        if array_length(t.ids, 1) <= few then
            select coalesce(array_agg(array[x0, y0, x1, y1]), '{}') into boxes from (
                select min(floor((st_xmin(tile_geom) + 20037508.342789244) / 152.8740565703525)::int) as x0,
                       min(floor((20037508.342789244 - st_ymax(tile_geom)) / 152.8740565703525)::int) as y0,
                       max(floor((st_xmax(tile_geom) + 20037508.342789244) / 152.8740565703525)::int) as x1,
                       max(floor((20037508.342789244 - st_ymin(tile_geom)) / 152.8740565703525)::int) as y1
                from parcel where id = any (t.ids) and tile_geom is not null
                group by floor((st_xmin(tile_geom) + 20037508.342789244) / 152.8740565703525)::int >> 8,
                         floor((20037508.342789244 - st_ymax(tile_geom)) / 152.8740565703525)::int >> 8) b;
        end if;
        perform register.tell_changes(t.county_code, array['parcels', 'findings'], boxes);
    end loop;
    return null;
end $$;

-- What has no shape of its own: policies make their clauses visible, a county everything.
create function register.rest_changed() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare code text;
begin
    if tg_table_name = 'county' then
        for code in execute case tg_op when 'DELETE' then 'select code from old_rows' else 'select code from new_rows' end loop
            perform register.tell_changes(code, null, null);
        end loop;
    else
        for code in execute case tg_op when 'DELETE' then 'select distinct county_code from old_rows' else 'select distinct county_code from new_rows' end loop
            perform register.tell_changes(code, array['policies'], null);
        end loop;
    end if;
    return null;
end $$;

do $$
declare
    t text;
    call text;
    op text;
    tables text;
begin
    for t, call in
        select * from (values
            ('admin_area', 'tiles_changed(''admin_areas'')'), ('park', 'tiles_changed(''parks'', ''featured_towns'')'),
            ('parcel', 'tiles_changed(''parcels'', ''findings'')'), ('building', 'tiles_changed(''buildings'')'),
            ('project', 'tiles_changed(''projects'')'), ('enterprise', 'tiles_changed(''enterprises'')'),
            ('policy_clause', 'tiles_changed(''policies'')'), ('transport_feature', 'tiles_changed(''transport'')'),
            ('planning_control', 'tiles_changed(''controls'')'), ('finding', 'findings_changed()'),
            ('policy', 'rest_changed()'), ('county', 'rest_changed()')) as v (t, call)
    loop
        for op, tables in
            select * from (values ('insert', 'new table as new_rows'), ('update', 'old table as old_rows new table as new_rows'),
                                  ('delete', 'old table as old_rows')) as v (op, tables)
        loop
            execute format('create trigger zz_tiles_%1$s after %1$s on register.%2$I referencing %3$s
                            for each statement execute function register.%4$s', op, t, tables, call);
        end loop;
    end loop;
end $$;

-- The nightly refresh writes states without touching the things: everybody looks again, cells are counted again.
create or replace function register.refresh_state(p_county text) returns void
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare
    kind text;
    d tile_detail;
begin
    foreach kind in array array['parcel', 'building', 'project'] loop
        execute format('delete from register.%I where county_code = $1', kind || '_state') using p_county;
        execute format('insert into register.%1$I select * from register.%2$I($1, null, (clock_timestamp() at time zone
                            (select time_zone from register.county where code = $1))::date, ''infinity'')',
                       kind || '_state', kind || '_state_at') using p_county;
    end loop;
    for d in select * from tile_detail where county_code = p_county and collection in ('parcels', 'buildings') and shapes_from_zoom > 0 loop
        perform register.set_tile_detail(p_county, d.collection, d.audience, d.shapes_from_zoom, d.thing_count, d.names_from_zoom);
    end loop;
    perform register.tell_changes(p_county, array['parcels', 'buildings', 'projects'], null);
end $$;
