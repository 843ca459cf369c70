-- A code that was merged, split or given anew: one fact `succeeded_by` for each code that took its place.

create index ix_fact_succeeded_by on register.fact (county_code, subject_kind, subject_id) where kind = 'succeeded_by';

create view register.succeeding_thing as
select 'parcel'::text as kind, id, county_code, code, publication_state from register.parcel
union all
select 'building'::text, id, county_code, code, publication_state from register.building;

create view register.successor as
select f.id as fact_id, f.county_code, f.subject_kind, f.subject_id, f.value_text as successor_code, f.effective_on as succeeded_on,
       f.recorded_at
from register.fact f
where f.kind = 'succeeded_by' and f.value_text is not null
  and not exists (select from register.fact r where r.retracts_fact_id = f.id);

-- What stands today in place of a code, over any number of steps, and since when; nothing for a code that stands itself.
create function register.successors_of(p_county text, p_kind text, p_code text)
returns table (code text, succeeded_on date)
language plpgsql stable security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    return query
        with recursive way as (
            select s.successor_code, s.succeeded_on
            from succeeding_thing t
            join successor s on s.county_code = t.county_code and s.subject_kind = t.kind and s.subject_id = t.id
            where t.kind = p_kind and t.county_code = p_county and t.code = p_code
            union
            select s.successor_code, s.succeeded_on
            from way w
            join succeeding_thing t on t.kind = p_kind and t.county_code = p_county and t.code = w.successor_code
            join successor s on s.county_code = t.county_code and s.subject_kind = t.kind and s.subject_id = t.id
        )
        select w.successor_code, max(w.succeeded_on)
        from way w
        join succeeding_thing t on t.kind = p_kind and t.county_code = p_county and t.code = w.successor_code
        where not exists (
            select from successor s
            where s.county_code = t.county_code and s.subject_kind = t.kind and s.subject_id = t.id)
        group by w.successor_code
        order by w.successor_code;
end $$;

-- The same as the public may know it: of a code that was once published, successors that are.
create function register.public_successors_of(p_county text, p_kind text, p_code text)
returns table (code text, succeeded_on date)
language plpgsql stable security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    subject bigint;
    was_public boolean;
begin
    select t.id into subject from succeeding_thing t where t.kind = p_kind and t.county_code = p_county and t.code = p_code;
    if not found then
        return;
    end if;
    execute format('select exists (select from register.%I v where v.id = $1 and v.publication_state = ''published'')',
                   subject_table(p_kind) || '_version') into was_public using subject;
    if was_public then
        return query
            select s.code, s.succeeded_on
            from successors_of(p_county, p_kind, p_code) s
            join succeeding_thing t on t.kind = p_kind and t.county_code = p_county and t.code = s.code
            where t.publication_state = 'published';
    end if;
end $$;

-- Parcels that others stand for on a day, as known at an instant: no rule judges them any more.
create function register.succeeded_parcels(p_county text, as_of date, known_at timestamptz) returns setof bigint
language sql stable security definer set search_path = register, pg_catalog, pg_temp as $$
    select f.subject_id
    from fact f
    where f.county_code = p_county and f.subject_kind = 'parcel' and f.kind = 'succeeded_by' and f.value_text is not null
      and f.effective_on <= as_of and f.recorded_at <= known_at
      and not exists (select from fact r where r.retracts_fact_id = f.id and r.recorded_at <= known_at)
$$;

-- BEFORE INSERT on fact: the successor is another thing of the same kind that does not lead back here.
create function register.check_successor() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    own_code text;
begin
    if new.kind <> 'succeeded_by' or new.value_text is null then
        return new;
    end if;
    select t.code into own_code from succeeding_thing t where t.kind = new.subject_kind and t.id = new.subject_id;
    if new.value_text = own_code then
        raise exception 'a % does not succeed itself', new.subject_kind using errcode = 'YZ400', column = 'value';
    end if;
    -- one at a time: two clerks must not each name the other's thing
    perform pg_advisory_xact_lock(hashtextextended('succeeded_by ' || new.county_code, 0));
    if not exists (select from succeeding_thing t where t.kind = new.subject_kind and t.county_code = new.county_code and t.code = new.value_text) then
        raise exception 'there is no % with the code %', new.subject_kind, new.value_text using errcode = 'YZ400', column = 'value';
    end if;
    if exists (
        with recursive way as (
            select new.value_text as code
            union
            select s.successor_code
            from way w
            join succeeding_thing t on t.kind = new.subject_kind and t.county_code = new.county_code and t.code = w.code
            join successor s on s.county_code = t.county_code and s.subject_kind = t.kind and s.subject_id = t.id
        )
        select from way where code = own_code) then
        raise exception '% was itself succeeded by %', new.value_text, own_code using errcode = 'YZ400', column = 'value';
    end if;
    return new;
end $$;
create trigger b_check_successor before insert on register.fact for each row execute function register.check_successor();

-- What a succession withdrew from the public, so that taking it back puts just that back.
create table register.withdrawn_for_successor (
    county_code text not null references register.county (code),
    subject_kind text not null,
    subject_id bigint not null,
    constraint pk_withdrawn_for_successor primary key (county_code, subject_kind, subject_id)
);
alter table register.withdrawn_for_successor enable row level security;
alter table register.withdrawn_for_successor force row level security;
create policy owner_all on register.withdrawn_for_successor to yzt_owner using (true) with check (true);

-- AFTER INSERT on fact: a code that others stand for is withdrawn and no lead of it stands; taken back, it is what it was before.
create function register.follow_successor() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
declare
    was_withdrawn bigint;
begin
    if new.kind <> 'succeeded_by' then
        return null;
    end if;
    if new.value_text is not null then
        execute format('update register.%I set publication_state = %L where id = $1 and publication_state = %L returning id',
                       new.subject_kind, 'withdrawn', 'published') into was_withdrawn using new.subject_id;
        if was_withdrawn is not null then
            insert into withdrawn_for_successor values (new.county_code, new.subject_kind, new.subject_id) on conflict do nothing;
        end if;
        if new.subject_kind = 'parcel' then
            delete from finding f where f.county_code = new.county_code and f.subject_kind = 'parcel' and f.subject_id = new.subject_id;
        end if;
        return null;
    end if;
    if exists (select from successor s where s.county_code = new.county_code and s.subject_kind = new.subject_kind and s.subject_id = new.subject_id) then
        return null;
    end if;
    delete from withdrawn_for_successor w
    where w.county_code = new.county_code and w.subject_kind = new.subject_kind and w.subject_id = new.subject_id
    returning w.subject_id into was_withdrawn;
    if was_withdrawn is not null then
        execute format('update register.%I set publication_state = %L where id = $1 and publication_state = %L',
                       new.subject_kind, 'published', 'withdrawn') using new.subject_id;
    end if;
    return null;
end $$;
create trigger c_follow_successor after insert on register.fact for each row execute function register.follow_successor();

revoke all on function register.successors_of(text, text, text), register.public_successors_of(text, text, text),
    register.succeeded_parcels(text, date, timestamptz), register.check_successor(), register.follow_successor() from public;
grant execute on function register.public_successors_of(text, text, text) to yzt_public, yzt_staff, yzt_admin;
grant execute on function register.successors_of(text, text, text), register.succeeded_parcels(text, date, timestamptz)
    to yzt_staff, yzt_admin;
