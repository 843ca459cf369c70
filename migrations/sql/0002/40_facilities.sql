-- What an investor looks for around a plot besides roads: schools, hospitals, business areas (collection `transport`, 区位交通).
update register.code_list set name = '交通与公共设施', name_en = 'Transport and public facilities' where code = 'transport_kind';
insert into register.code_value (list_code, code, name, name_en, sort_no)
values ('transport_kind', 'school', '学校', 'School', 20),
       ('transport_kind', 'hospital', '医院', 'Hospital', 21),
       ('transport_kind', 'cbd', '商务商业区', 'Business area', 22);
alter table register.transport_feature
    drop constraint ck_transport_feature_kind,
    add constraint ck_transport_feature_kind check (kind in ('expressway', 'ramp', 'road', 'rail', 'station', 'port', 'berth',
        'airport', 'ferry', 'bridge', 'school', 'hospital', 'cbd'));
