-- What box all things of a measured collection lie in, as an audience sees them, so that a box that holds them all is not looked for in
-- a million outlines. It only grows until it is measured again: a change that reaches beyond it leaves a further row, and a reader
-- takes the widest, so that writers never wait for one another and a reader sees exactly what was committed.

create table register.tile_extent (
    county_code text not null,
    collection text not null,
    audience text not null,
    west double precision not null,
    south double precision not null,
    east double precision not null,
    north double precision not null,
    constraint fk_tile_extent_county_code foreign key (county_code) references register.county (code) on delete cascade,
    constraint ck_tile_extent_audience check (audience in ('public', 'staff')),
    constraint ck_tile_extent_order check (west <= east and south <= north)
);
create index ix_tile_extent_key on register.tile_extent (county_code, collection, audience);
comment on table register.tile_extent is 'degrees, EPSG:4490; the widest of a key''s rows holds';
alter table register.tile_extent enable row level security;
alter table register.tile_extent force row level security;
create policy owner_all on register.tile_extent to yzt_owner using (true) with check (true);
create policy admin_all on register.tile_extent to yzt_admin using (true) with check (true);
create policy reader on register.tile_extent for select to yzt_reader using (true);
grant select on register.tile_extent to yzt_reader, yzt_admin;

-- Things without a place are in no box; there are few, and these say whether there is any.
create index ix_parcel_unplaced on register.parcel (county_code) where geom is null;
create index ix_parcel_unplaced_public on register.parcel (county_code) where geom_public is null;
create index ix_building_unplaced on register.building (county_code) where geom is null;
create index ix_building_unplaced_public on register.building (county_code) where geom_public is null;

-- The box of things of a collection as an audience sees them; `p_ids` null = all of the county. No row where none has a place.
create function register.extent_of_things(p_county text, p_collection text, p_audience text, p_ids bigint[])
returns table (west double precision, south double precision, east double precision, north double precision)
language plpgsql stable security definer set search_path = public, pg_catalog, pg_temp as $$
begin
    return query execute format(
        'select min(st_xmin(x.geom)), min(st_ymin(x.geom)), max(st_xmax(x.geom)), max(st_ymax(x.geom))
         from %I.%I x where x.county_code = $1 %s having count(x.geom) > 0',
        case p_audience when 'public' then 'open_data' else 'staff_data' end, p_collection,
        case when p_ids is null then '' else 'and x.id = any ($2)' end)
    using p_county, p_ids;
end $$;

alter function register.follow_cells(text, text, bigint[]) rename to follow_cell_counts;
alter function register.set_tile_detail(text, text, text, int, bigint, int) rename to set_tile_cells;
revoke all on function register.set_tile_cells(text, text, text, int, bigint, int) from yzt_admin;

-- Brings cells and extents up to what is true of these things now.
create function register.follow_cells(p_county text, p_collection text, p_ids bigint[]) returns void
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
begin
    perform follow_cell_counts(p_county, p_collection, p_ids);
    insert into tile_extent (county_code, collection, audience, west, south, east, north)
    select d.county_code, d.collection, d.audience, n.west, n.south, n.east, n.north
    from tile_detail d
    cross join lateral extent_of_things(p_county, p_collection, d.audience, p_ids) n
    cross join lateral (
        select min(t.west) as west, min(t.south) as south, max(t.east) as east, max(t.north) as north
        from tile_extent t
        where t.county_code = p_county and t.collection = p_collection and t.audience = d.audience
    ) o
    where d.county_code = p_county and d.collection = p_collection and d.shapes_from_zoom > 0
      and (o.west <= n.west and o.south <= n.south and o.east >= n.east and o.north >= n.north) is not true;
end $$;

-- Says from which zoom shapes show, makes the cells below it and the extent anew. Writers of this collection wait meanwhile.
create function register.set_tile_detail(p_county text, p_collection text, p_audience text, p_zoom int, p_count bigint,
                                         p_names_zoom int default 0) returns void
language plpgsql security definer set search_path = register, public, pg_catalog, pg_temp as $$
begin
    perform set_tile_cells(p_county, p_collection, p_audience, p_zoom, p_count, p_names_zoom);
    delete from tile_extent where county_code = p_county and collection = p_collection and audience = p_audience;
    if p_zoom > 0 then
        insert into tile_extent (county_code, collection, audience, west, south, east, north)
        select p_county, p_collection, p_audience, e.west, e.south, e.east, e.north
        from extent_of_things(p_county, p_collection, p_audience, null) e;
    end if;
end $$;
revoke all on function register.extent_of_things(text, text, text, bigint[]), register.follow_cells(text, text, bigint[]),
register.set_tile_detail(text, text, text, int, bigint, int) from public;
grant execute on function register.set_tile_detail(text, text, text, int, bigint, int) to yzt_admin;

insert into register.tile_extent (county_code, collection, audience, west, south, east, north)
select d.county_code, d.collection, d.audience, e.west, e.south, e.east, e.north
from register.tile_detail d
cross join lateral register.extent_of_things(d.county_code, d.collection, d.audience, null) e
where d.shapes_from_zoom > 0;

create view open_data.tile_extents as
select county_code, collection, west, south, east, north from register.tile_extent where audience = 'public';
create view staff_data.tile_extents as
select county_code, collection, west, south, east, north from register.tile_extent where audience = 'staff';
grant create on schema open_data, staff_data to yzt_reader;
alter view open_data.tile_extents owner to yzt_reader;
alter view staff_data.tile_extents owner to yzt_reader;
revoke create on schema open_data, staff_data from yzt_reader;
grant select on open_data.tile_extents to yzt_public, yzt_staff, yzt_admin, yzt_app;
grant select on staff_data.tile_extents to yzt_staff, yzt_admin;
