-- When a thing was recorded. One instant per transaction; writers hold a shared lock to their end, so that a reader who
-- asks `known_at` can wait until nothing older than his instant is still open (design.md 4).

create function register.setting(name text) returns text
language sql stable parallel safe set search_path = pg_catalog as
$$ select nullif(current_setting(name, true), '') $$;

create function register.recording_instant() returns timestamptz
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    remembered text := register.setting('yzt.recording');
    instant timestamptz;
begin
    if remembered is not null and split_part(remembered, '|', 1) = pg_current_xact_id()::text then
        return split_part(remembered, '|', 2)::timestamptz;
    end if;
    perform pg_advisory_xact_lock_shared(hashtextextended('yizhangtu.recording', 0));
    instant := clock_timestamp();
    perform set_config('yzt.recording', pg_current_xact_id()::text || '|' || instant::text, true);
    return instant;
end $$;

-- The instant of the oldest write that is still open, or null.
create function register.oldest_open_write() returns timestamptz
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select min(a.xact_start)
    from pg_locks l
    join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.mode = 'ShareLock' and l.granted and a.pid <> pg_backend_pid()
      and l.database = (select oid from pg_database where datname = current_database())
      and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended('yizhangtu.recording', 0)
$$;

-- Returns when every write recorded up to `known_at` is visible. Waits 2 s at most; then raises YZ409 whose DETAIL is
-- the instant that can be answered. An instant in the future raises YZ400.
create function register.await_known(known_at timestamptz) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    key bigint := hashtextextended('yizhangtu.recording', 0);
    oldest timestamptz;
    before_ms text := current_setting('lock_timeout');
begin
    if known_at > clock_timestamp() then
        raise exception 'known_at lies in the future' using errcode = 'YZ400';
    end if;
    oldest := register.oldest_open_write();
    if oldest is null or oldest > known_at then
        return;
    end if;
    begin
        perform set_config('lock_timeout', '2s', true);
        perform pg_advisory_lock(key);
        perform pg_advisory_unlock(key);
        perform set_config('lock_timeout', before_ms, true);
    exception when lock_not_available then
        raise exception 'a write older than known_at is still open'
            using errcode = 'YZ409', detail = (coalesce(register.oldest_open_write(), clock_timestamp()) - interval '1 microsecond')::text;
    end;
end $$;
