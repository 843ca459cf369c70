-- What leads come to say by themselves on days to come, kept when findings are: the forecast reads it by day.

create table register.finding_turn (
    county_code text not null references register.county (code),
    parcel_id bigint not null,
    rule_id text not null,
    rule_version integer not null,
    turns_on date not null,
    from_holds text not null,
    from_result text,
    from_level text,
    holds text not null,
    result text,
    level text,
    is_worse boolean not null generated always as (
        holds = 'yes' and (from_holds <> 'yes'
            or coalesce(array_position(array['INFO', 'YELLOW', 'RED'], level), 0)
            > coalesce(array_position(array['INFO', 'YELLOW', 'RED'], from_level), 0))
    ) stored,
    computed_at timestamptz not null default clock_timestamp(),
    constraint pk_finding_turn primary key (county_code, parcel_id, rule_id, turns_on),
    constraint ck_finding_turn_holds check (holds in ('yes', 'no', 'unknown', 'not_applicable')),
    constraint ck_finding_turn_level check (level in ('INFO', 'YELLOW', 'RED'))
);
create index ix_finding_turn_worse on register.finding_turn (county_code, turns_on, parcel_id, rule_id) where is_worse;
comment on column register.finding_turn.turns_on is 'the day from which the rule says so, if no fact and no parameter changes';
comment on column register.finding_turn.from_holds is 'what it says until the day before';
comment on column register.finding_turn.is_worse is 'the rule comes to hold, or to a worse level';

alter table register.finding_turn enable row level security;
alter table register.finding_turn force row level security;
create policy owner_all on register.finding_turn to yzt_owner using (true) with check (true);
create policy admin_all on register.finding_turn to yzt_admin using (true) with check (true);
create policy staff_all on register.finding_turn to yzt_staff using (true) with check (true);
create policy reader on register.finding_turn for select to yzt_reader using (true);
grant select on register.finding_turn to yzt_reader;
grant select, insert, update, delete on register.finding_turn to yzt_staff, yzt_admin;

create or replace function register.remove_findings() returns trigger
language plpgsql security definer set search_path = register, pg_catalog, pg_temp as $$
begin
    delete from finding f using old_rows o
    where f.county_code = o.county_code and f.subject_kind = tg_table_name and f.subject_id = o.id;
    delete from finding_turn t using old_rows o where t.county_code = o.county_code and t.parcel_id = o.id;
    return null;
end $$;

create view staff_data.finding_turns as
select t.county_code, t.parcel_id, p.code as parcel_code, p.name as parcel_name, p.name_en as parcel_name_en, p.unit_code, p.town_code,
       p.area_m2, p.geom, p.is_sample, t.rule_id, t.rule_version, t.turns_on, t.from_holds, t.from_result, t.from_level, t.holds,
       t.result, t.level, t.is_worse, t.computed_at
from register.finding_turn t
join register.parcel p on p.id = t.parcel_id;

grant create on schema staff_data to yzt_reader;
alter view staff_data.finding_turns owner to yzt_reader;
revoke create on schema staff_data from yzt_reader;
grant select on staff_data.finding_turns to yzt_staff, yzt_admin;
