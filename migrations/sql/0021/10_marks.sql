-- What changed where, told in the transaction that changed it: one row per collection and box (tile numbers of zoom 18), with the
-- number of that transaction. A tile made of a snapshot holds while no mark reaches it that the snapshot did not see: so the commit
-- itself decides, in whatever order transactions end, and writers never wait for one another. Marks are added only.

create table register.tile_mark (
    county_code text not null,
    collection text not null,  -- '*' = all of the county
    x0 integer not null,
    y0 integer not null,
    x1 integer not null,
    y1 integer not null,
    xid bigint not null default pg_current_xact_id()::text::bigint
);
create index ix_tile_mark_layer on register.tile_mark (county_code, collection, xid);

-- Marks that were counted and removed (`register.keep_tiles`): all of them of transactions before `through_xid`, which had ended.
create table register.tile_mark_fold (
    county_code text not null,
    collection text not null,
    mark_count bigint not null,
    through_xid bigint not null,
    constraint pk_tile_mark_fold primary key (county_code, collection)
);

create function register.mark_tiles(p_county text, p_collections text[], p_boxes int[]) returns void
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    if p_boxes is null then
        insert into tile_mark (county_code, collection, x0, y0, x1, y1)
        select p_county, layer, -2147483648, -2147483648, 2147483647, 2147483647
        from unnest(coalesce(p_collections, array['*'])) as layer;
    else
        insert into tile_mark (county_code, collection, x0, y0, x1, y1)
        select p_county, layer, p_boxes[i][1], p_boxes[i][2], p_boxes[i][3], p_boxes[i][4]
        from unnest(coalesce(p_collections, array['*'])) as layer, generate_subscripts(p_boxes, 1) as i;
    end if;
end $$;

-- As 0010 made it, and marks what it tells.
create or replace function register.tell_changes(p_county text, p_collections text[], p_boxes int[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    boxes_max constant int := 200;
    a_message constant int := 100;
    boxes int[];
    first int;
begin
    if p_boxes is null then
        perform register.mark_tiles(p_county, p_collections, null);
        perform pg_notify('register_changes', json_build_object('c', p_county, 'l', p_collections)::text);
        return;
    end if;
    boxes := p_boxes;
    if array_length(boxes, 1) > boxes_max then  -- spread all over: one box is the shorter truth
        select array[array[min(boxes[i][1]), min(boxes[i][2]), max(boxes[i][3]), max(boxes[i][4])]] into boxes
        from generate_subscripts(boxes, 1) i;
    end if;
    perform register.mark_tiles(p_county, p_collections, boxes);
    first := 1;
    loop
        perform pg_notify('register_changes', json_build_object('c', p_county, 'l', p_collections,
                                                                'b', boxes[first : first + a_message - 1])::text);
        first := first + a_message;
        exit when first > coalesce(array_length(boxes, 1), 0);
    end loop;
end $$;

-- AFTER STATEMENT on tile_detail: from another zoom on shapes show, so every tile of the collection is another one.
create function register.tile_detail_changed() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    t record;
begin
    for t in execute case tg_op when 'DELETE' then 'select distinct county_code, collection from old_rows'
                                else 'select distinct county_code, collection from new_rows' end loop
        perform mark_tiles(t.county_code, array[t.collection], null);
    end loop;
    return null;
end $$;
create trigger zz_tiles_insert after insert on register.tile_detail referencing new table as new_rows
    for each statement execute function register.tile_detail_changed();
create trigger zz_tiles_update after update on register.tile_detail referencing new table as new_rows
    for each statement execute function register.tile_detail_changed();
create trigger zz_tiles_delete after delete on register.tile_detail referencing old table as old_rows
    for each statement execute function register.tile_detail_changed();

-- What a tile shows, in tile numbers of zoom 18 with its buffer (64 of 4096): x0, y0, x1, y1, inclusive.
create function register.tile_reach(p_z int, p_x int, p_y int) returns int[]
language sql immutable parallel safe as
$$
    select case when p_z > 18
        then array[(p_x >> (p_z - 18)) - 1, (p_y >> (p_z - 18)) - 1, (p_x >> (p_z - 18)) + 1, (p_y >> (p_z - 18)) + 1]
        else array[(p_x << (18 - p_z)) - b.pad, (p_y << (18 - p_z)) - b.pad,
                   ((p_x + 1) << (18 - p_z)) + b.pad - 1, ((p_y + 1) << (18 - p_z)) + b.pad - 1] end
    from (select greatest(1, (1 << greatest(18 - p_z, 0)) / 64) as pad) b
$$;

-- Whether something in a tile changed that a snapshot did not see. `p_reach`: register.tile_reach; `p_heeds`: collections, and '*'.
create function register.tile_is_touched(p_county text, p_heeds text[], p_reach int[], p_seen text, p_seen_xmin bigint) returns boolean
language sql stable as
$$
    select p_seen_xmin < (select coalesce(max(f.through_xid), 0) from register.tile_mark_fold f
                          where f.county_code = p_county and f.collection = any (p_heeds))
        or exists (
            select from register.tile_mark m
            where m.county_code = p_county and m.collection = any (p_heeds) and m.xid >= p_seen_xmin
              and m.x0 <= p_reach[3] and m.x1 >= p_reach[1] and m.y0 <= p_reach[4] and m.y1 >= p_reach[2]
              and not pg_visible_in_snapshot(m.xid::text::xid8, p_seen::pg_snapshot))
$$;

-- In which life of the database something was counted. Transaction numbers and counts of marks mean nothing in another one: a copy, a
-- restored backup, a standby that took over. A migration begins a new one, too: it may change what a view shows.
create function register.tile_epoch() returns text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return (select system_identifier from pg_control_system()) || '/' || (select timeline_id from pg_control_checkpoint())
        || '/' || (select oid from pg_database where datname = current_database()) || '/' || 'register.tile_mark'::regclass::oid
        || '/' || (select string_agg(version_num, ',' order by version_num) from migration.schema_version);
end $$;
