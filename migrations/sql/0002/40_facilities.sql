-- What an investor looks for around a plot besides roads: schools, hospitals, business areas (collection `transport`, 区位交通).
-- Their words are in migrations/seed/code_lists_0002.yaml.
update register.code_list set name = '交通与公共设施', name_en = 'Transport and public facilities' where code = 'transport_kind';
alter table register.transport_feature
    drop constraint ck_transport_feature_kind,
    add constraint ck_transport_feature_kind check (kind in ('expressway', 'ramp', 'road', 'rail', 'station', 'port', 'berth',
        'airport', 'ferry', 'bridge', 'school', 'hospital', 'cbd'));
