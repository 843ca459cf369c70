-- Seals over the trail (design.md 4): entries are written unchained, a worker seals them in id order.

-- SHA-256 over the previous seal and the entries with first <= id <= last, in id order; text forms that no setting changes.
create function register.audit_digest(previous bytea, first_id bigint, last_id bigint) returns bytea
language sql stable security definer set search_path = register, pg_catalog, pg_temp as $$
    select sha256(coalesce(previous, '') || convert_to(coalesce(string_agg(
        jsonb_build_array(e.id, extract(epoch from e.at)::text, e.county_code, e.account, e.action, e.object_kind, e.object_id,
                          e.fields, e.detail, e.request_id)::text, e'\n' order by e.id), ''), 'UTF8'))
    from audit_entry e
    where e.id between first_id and last_id
$$;

-- Seals what can be sealed, at most `most` entries; returns how many. One sealer at a time, others return 0 at once.
-- An id that is missing may still arrive while a transaction is open that began before its successor was written; sealing
-- stops before such a gap. A gap that nobody can fill any more is an insert that was rolled back.
create function register.seal_audit(most int default 5000) returns bigint
language plpgsql volatile security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    settled constant interval := '5 s'; -- longer than it takes from nextval to a transaction id
    before audit_seal;
    oldest timestamptz;
    upto bigint;
    n bigint;
begin
    if not pg_try_advisory_xact_lock(hashtextextended('yizhangtu.audit_seal', 0)) then
        return 0;
    end if;
    select * into before from audit_seal order by last_entry_id desc limit 1;
    select min(a.xact_start) into oldest
    from pg_stat_activity a
    where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_xid is not null;
    with next as (
        select e.id, e.at, lag(e.id, 1, coalesce(before.last_entry_id, 0)) over (order by e.id) as follows
        from audit_entry e
        where e.id > coalesce(before.last_entry_id, 0)
        order by e.id
        limit most
    ), barred as (
        select min(id) as id from next
        where id > follows + 1 and (at > clock_timestamp() - settled or at >= oldest)
    )
    select max(next.id), count(*) into upto, n
    from next, barred
    where barred.id is null or next.id < barred.id;
    if upto is null then
        return 0;
    end if;
    insert into audit_seal (first_entry_id, last_entry_id, digest)
    values (coalesce(before.last_entry_id, 0) + 1, upto,
            audit_digest(before.digest, coalesce(before.last_entry_id, 0) + 1, upto));
    return n;
end $$;

-- What is wrong with the trail: a seal that does not fit its entries or its predecessor, entries nobody sealed, a missing tail.
create function register.verify_audit(unsealed_max interval default '60 s')
returns table (fault text, seal_id bigint, entry_id bigint, at timestamptz)
language plpgsql stable security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    previous audit_seal;
    seal audit_seal;
    newest bigint := coalesce((select max(id) from audit_entry), 0);
begin
    for seal in select * from audit_seal order by last_entry_id loop
        if seal.first_entry_id <> coalesce(previous.last_entry_id, 0) + 1 then
            return query select 'seal_missing'::text, seal.id, seal.first_entry_id, seal.sealed_at;
        end if;
        if seal.digest <> audit_digest(previous.digest, seal.first_entry_id, seal.last_entry_id) then
            return query select 'entries_changed'::text, seal.id, seal.first_entry_id, seal.sealed_at;
        end if;
        previous := seal;
    end loop;
    if previous.last_entry_id > newest then
        return query select 'tail_missing'::text, previous.id, previous.last_entry_id, previous.sealed_at;
    end if;
    return query select 'unsealed'::text, null::bigint, e.id, e.at
                 from audit_entry e
                 where e.id > coalesce(previous.last_entry_id, 0) and e.at < clock_timestamp() - unsealed_max
                 order by e.id limit 1;
end $$;

create trigger a_refuse_overwrite before update or delete on register.audit_seal
    for each row execute function register.refuse_overwrite();
create trigger a_refuse_truncate before truncate on register.audit_seal
    for each statement execute function register.refuse_overwrite();
create trigger a_refuse_truncate before truncate on register.audit_entry
    for each statement execute function register.refuse_overwrite();

revoke all on function register.audit_digest(bytea, bigint, bigint), register.seal_audit(int), register.verify_audit(interval)
    from public;
grant execute on function register.seal_audit(int), register.verify_audit(interval) to yzt_admin;
revoke insert, update, delete, truncate on register.audit_seal from yzt_admin;
