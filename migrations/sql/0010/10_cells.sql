-- Cells for low zooms: how many things stand where, kept true by what each of them adds (`tile_share`). A change writes the
-- difference as further rows of `tile_cell`; a reader adds up, so that writers never wait for one another and a reader sees
-- exactly what was committed. `register.fold_cells` adds rows of one cell together now and then.

-- From which zoom a collection shows its shapes, and their names; measured at load. Below it, tiles hold cells.
create table register.tile_detail (
    county_code text not null,
    collection text not null,
    audience text not null,
    shapes_from_zoom integer not null,
    names_from_zoom integer not null,
    thing_count bigint not null,
    measured_at timestamptz not null default clock_timestamp(),
    constraint pk_tile_detail primary key (county_code, collection, audience),
    constraint fk_tile_detail_county_code foreign key (county_code) references register.county (code) on delete cascade,
    constraint ck_tile_detail_audience check (audience in ('public', 'staff')),
    constraint ck_tile_detail_shapes_from_zoom check (shapes_from_zoom between 0 and 16)
);

-- What each thing adds to the cells: the cell of zoom 16 that the middle of its box lies in, its status or kind, its area.
create table register.tile_share (
    county_code text not null,
    collection text not null,
    audience text not null,
    subject_id bigint not null,
    gx integer not null,
    gy integer not null,
    kind text not null,
    area_m2 numeric(18, 2) not null,
    constraint pk_tile_share primary key (county_code, collection, audience, subject_id)
);

create table register.tile_cell (
    county_code text not null,
    collection text not null,
    audience text not null,
    z integer not null,
    tx integer not null,
    ty integer not null,
    cx integer not null,
    cy integer not null,
    kind text not null,
    n bigint not null,
    area_m2 numeric(18, 2) not null
);
create index ix_tile_cell_tile on register.tile_cell (county_code, collection, audience, z, tx, ty);

do $$
declare t text;
begin
    foreach t in array array['tile_detail', 'tile_share', 'tile_cell'] loop
        execute format('alter table register.%I enable row level security', t);
        execute format('alter table register.%I force row level security', t);
        execute format('create policy owner_all on register.%I to yzt_owner using (true) with check (true)', t);
        execute format('create policy admin_all on register.%I to yzt_admin using (true) with check (true)', t);
        execute format('create policy reader on register.%I for select to yzt_reader using (true)', t);
        execute format('grant select on register.%I to yzt_reader, yzt_admin', t);
    end loop;
end $$;

-- The property a collection's cells are counted by.
create function register.cell_kind(p_collection text) returns text
language sql immutable parallel safe as
$$ select case p_collection when 'parcels' then 'status' when 'buildings' then 'status' when 'enterprises' then 'size_class' else 'kind' end $$;

-- What every thing of a collection adds to the cells as an audience sees it; `p_ids` null = all of the county.
create function register.tile_shares(p_county text, p_collection text, p_audience text, p_ids bigint[])
returns table (subject_id bigint, gx int, gy int, kind text, area_m2 numeric)
language plpgsql stable security definer set search_path = public, pg_catalog, pg_temp as $$
begin
    return query execute format(
        'select x.id, floor(((st_xmin(x.tile_geom) + st_xmax(x.tile_geom)) / 2 + 20037508.342789244) / 40075016.685578488 * 4194304)::int,
                floor((20037508.342789244 - (st_ymin(x.tile_geom) + st_ymax(x.tile_geom)) / 2) / 40075016.685578488 * 4194304)::int,
                coalesce(x.%I::text, ''''), coalesce(x.area_m2, 0)::numeric
         from %I.%I x where x.county_code = $1 %s and not st_isempty(x.tile_geom)',
        register.cell_kind(p_collection), case p_audience when 'public' then 'open_data' else 'staff_data' end, p_collection,
        case when p_ids is null then '' else 'and x.id = any ($2)' end)
    using p_county, p_ids;
end $$;

-- Brings the cells up to what is true of these things now. Costs one look at a key where a collection has no cells.
create function register.follow_cells(p_county text, p_collection text, p_ids bigint[]) returns void
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
declare d tile_detail;
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('yizhangtu.cells.' || p_county || '.' || p_collection, 0));
    for d in select * from tile_detail
             where county_code = p_county and collection = p_collection and shapes_from_zoom > 0 loop
        with old as materialized (
            select s.subject_id, s.gx, s.gy, s.kind, s.area_m2 from tile_share s
            where s.county_code = p_county and s.collection = p_collection and s.audience = d.audience and s.subject_id = any (p_ids)
        ), new as materialized (
            select * from tile_shares(p_county, p_collection, d.audience, p_ids)
        ), diff as materialized (
            select coalesce(o.subject_id, n.subject_id) as subject_id, o.subject_id is not null as was, n.subject_id is not null as is_there,
                   o.gx as ogx, o.gy as ogy, o.kind as okind, o.area_m2 as oarea, n.gx, n.gy, n.kind, n.area_m2
            from old o full join new n on n.subject_id = o.subject_id
            where (o.gx, o.gy, o.kind, o.area_m2) is distinct from (n.gx, n.gy, n.kind, n.area_m2::numeric(18, 2))
        ), kept as (
            insert into tile_share (county_code, collection, audience, subject_id, gx, gy, kind, area_m2)
            select p_county, p_collection, d.audience, subject_id, gx, gy, kind, area_m2 from diff where is_there
            on conflict on constraint pk_tile_share
            do update set gx = excluded.gx, gy = excluded.gy, kind = excluded.kind, area_m2 = excluded.area_m2
        ), gone as (
            delete from tile_share s using diff
            where s.county_code = p_county and s.collection = p_collection and s.audience = d.audience
              and s.subject_id = diff.subject_id and not diff.is_there
        ), change as (
            select ogx as x, ogy as y, okind as kind, -1 as n, -oarea as area from diff where was
            union all
            select gx, gy, kind, 1, area_m2 from diff where is_there
        )
        insert into tile_cell (county_code, collection, audience, z, tx, ty, cx, cy, kind, n, area_m2)
        select p_county, p_collection, d.audience, z.z, (c.x >> (16 - z.z)) >> 6, (c.y >> (16 - z.z)) >> 6,
               (c.x >> (16 - z.z)) & 63, (c.y >> (16 - z.z)) & 63, c.kind, sum(c.n), sum(c.area)
        from change c, generate_series(0, d.shapes_from_zoom - 1) as z (z)
        group by z.z, c.x >> (16 - z.z), c.y >> (16 - z.z), c.kind
        having sum(c.n) <> 0 or sum(c.area) <> 0;
    end loop;
end $$;

-- Says from which zoom shapes show and makes the cells below it anew. Writers of this collection wait meanwhile.
create function register.set_tile_detail(p_county text, p_collection text, p_audience text, p_zoom int, p_count bigint,
                                         p_names_zoom int default 0) returns void
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('yizhangtu.cells.' || p_county || '.' || p_collection, 0));
    delete from tile_share where county_code = p_county and collection = p_collection and audience = p_audience;
    delete from tile_cell where county_code = p_county and collection = p_collection and audience = p_audience;
    insert into tile_detail (county_code, collection, audience, shapes_from_zoom, names_from_zoom, thing_count)
    values (p_county, p_collection, p_audience, p_zoom, greatest(p_zoom, p_names_zoom), p_count)
    on conflict on constraint pk_tile_detail
    do update set shapes_from_zoom = excluded.shapes_from_zoom, names_from_zoom = excluded.names_from_zoom, thing_count = excluded.thing_count, measured_at = clock_timestamp();
    if p_zoom > 0 then
        insert into tile_share (county_code, collection, audience, subject_id, gx, gy, kind, area_m2)
        select p_county, p_collection, p_audience, s.* from tile_shares(p_county, p_collection, p_audience, null) s;
        insert into tile_cell (county_code, collection, audience, z, tx, ty, cx, cy, kind, n, area_m2)
        select p_county, p_collection, p_audience, p_zoom - 1, x >> 6, y >> 6, x & 63, y & 63, kind, n, area
        from (select gx >> (17 - p_zoom) as x, gy >> (17 - p_zoom) as y, kind, count(*) as n, sum(area_m2) as area
              from tile_share s
              where s.county_code = p_county and s.collection = p_collection and s.audience = p_audience
              group by 1, 2, 3) finest;
        for zoom in reverse p_zoom - 2 .. 0 loop
            insert into tile_cell (county_code, collection, audience, z, tx, ty, cx, cy, kind, n, area_m2)
            select p_county, p_collection, p_audience, zoom, x >> 6, y >> 6, x & 63, y & 63, kind, n, area
            from (select (tx * 64 + cx) >> 1 as x, (ty * 64 + cy) >> 1 as y, kind, sum(n) as n, sum(area_m2) as area
                  from tile_cell c
                  where c.county_code = p_county and c.collection = p_collection and c.audience = p_audience and c.z = zoom + 1
                  group by 1, 2, 3) up;
        end loop;
    end if;
    perform pg_notify('register_changes', json_build_object('c', p_county, 'l', array[p_collection])::text);
end $$;

-- Adds together what changes left as further rows of one cell; returns how many rows went. One at a time, others return 0.
create function register.fold_cells() returns bigint
language plpgsql volatile security definer set search_path = register, pg_catalog, pg_temp as $$
declare removed bigint;
begin
    if not pg_try_advisory_xact_lock(hashtextextended('yizhangtu.fold_cells', 0)) then
        return 0;
    end if;
    with many as (
        select county_code, collection, audience, z, tx, ty, cx, cy, kind
        from tile_cell group by 1, 2, 3, 4, 5, 6, 7, 8, 9 having count(*) > 1 or sum(n) = 0
    ), gone as (
        delete from tile_cell c using many m
        where (c.county_code, c.collection, c.audience, c.z, c.tx, c.ty) = (m.county_code, m.collection, m.audience, m.z, m.tx, m.ty)
          and (c.cx, c.cy, c.kind) = (m.cx, m.cy, m.kind)
        returning c.*
    ), added as (
        insert into tile_cell
        select county_code, collection, audience, z, tx, ty, cx, cy, kind, sum(n), sum(area_m2)
        from gone group by 1, 2, 3, 4, 5, 6, 7, 8, 9 having sum(n) <> 0
        returning 1
    )
    select (select count(*) from gone) - (select count(*) from added) into removed;
    return removed;
end $$;
