-- Of a place (tile numbers of zoom 18: x0, y0, x1, y1, inclusive): the snapshot this was looked up in, the life of the database, and
-- whether something of the layers changed there that the snapshot `p_since` did not see (null where none is asked about). By 0021's marks.
do $outer$
declare
    s text;
begin
    foreach s in array array['open_data', 'staff_data'] loop
        execute format($make$
            create function %1$I.place_state(p_county text, p_layers text[], p_reach int[], p_since text)
            returns table (seen text, epoch text, is_touched boolean)
            language plpgsql stable security definer set search_path = register, pg_catalog, pg_temp as $f$
            begin
                seen := pg_current_snapshot()::text;
                epoch := tile_epoch();
                if p_since is not null then
                    is_touched := tile_is_touched(p_county, p_layers, p_reach, p_since,
                                                  pg_snapshot_xmin(p_since::pg_snapshot)::text::bigint);
                end if;
                return next;
            end $f$ $make$, s);
        execute format('revoke all on function %1$I.place_state(text, text[], int[], text) from public', s);
        execute format('grant execute on function %1$I.place_state(text, text[], int[], text) to yzt_staff, yzt_admin', s);
    end loop;
    grant execute on function open_data.place_state(text, text[], int[], text) to yzt_public;
end $outer$;
