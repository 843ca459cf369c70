-- What code of ours knew and is data: which lead puts a parcel into which class, which ground counts into the building coefficient.

create table register.land_class (
    result text not null,
    class text not null,
    rank integer not null,
    source text not null,
    constraint pk_land_class primary key (result),
    constraint uq_land_class_rank unique (rank)
);
comment on table register.land_class is 'class of land that waits by the result of a lead; the lowest rank that holds is the primary one';

create table register.ground_use_kind (
    code text not null,
    in_coefficient boolean not null,
    source text not null,
    constraint pk_ground_use_kind primary key (code)
);
comment on column register.ground_use_kind.in_coefficient is 'whether such ground, in use, counts into the building coefficient beside buildings';

do $$
declare
    t text;
begin
    foreach t in array array['land_class', 'ground_use_kind'] loop
        execute format('alter table register.%I enable row level security', t);
        execute format('alter table register.%I force row level security', t);
        execute format('create policy owner_all on register.%I to yzt_owner using (true) with check (true)', t);
        execute format('create policy admin_all on register.%I to yzt_admin using (true) with check (true)', t);
        execute format('create policy reader on register.%I for select to yzt_reader using (true)', t);
        execute format('create policy staff_select on register.%I for select to yzt_staff using (true)', t);
        execute format('grant select on register.%I to yzt_reader, yzt_staff, yzt_admin', t);
    end loop;
end $$;
