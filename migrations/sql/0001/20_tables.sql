-- The tables, their keys, checks and indexes; comments say what a column holds.

CREATE TABLE register.audit_entry (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    county_code TEXT,
    account TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT,
    fields TEXT[],
    detail JSONB,
    request_id TEXT,
    CONSTRAINT pk_audit_entry PRIMARY KEY (id)
);

CREATE INDEX ix_audit_entry_object ON register.audit_entry (object_kind, object_id);

CREATE TABLE register.audit_seal (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    first_entry_id BIGINT NOT NULL,
    last_entry_id BIGINT NOT NULL,
    sealed_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    digest BYTEA NOT NULL,
    CONSTRAINT pk_audit_seal PRIMARY KEY (id),
    CONSTRAINT uq_audit_seal_last_entry_id UNIQUE (last_entry_id)
);

CREATE TABLE register.event_outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    county_code TEXT NOT NULL,
    collection TEXT NOT NULL,
    code TEXT NOT NULL,
    subject_version BIGINT NOT NULL,
    is_public BOOLEAN DEFAULT false NOT NULL,
    fields TEXT[] DEFAULT '{}'::text[] NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_event_outbox PRIMARY KEY (id)
);

CREATE INDEX ix_event_outbox_county ON register.event_outbox (county_code, id);

CREATE TABLE register.policy_version (
    document_no TEXT,
    issuer TEXT,
    valid_during DATERANGE,
    legal_basis TEXT,
    fair_review_on DATE,
    fair_review_result TEXT,
    is_sample BOOLEAN,
    version BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE,
    updated_by TEXT,
    id BIGINT,
    code TEXT,
    name TEXT,
    name_en TEXT,
    county_code TEXT,
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    recorded_during TSTZRANGE NOT NULL,
    recorded_xid xid8 NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_policy_version PRIMARY KEY (version_id)
);

CREATE INDEX ix_policy_version_row ON register.policy_version (county_code, id, recorded_during);

CREATE TABLE register.policy_clause_version (
    policy_code TEXT,
    clause_no TEXT,
    kind TEXT,
    summary TEXT,
    summary_en TEXT,
    chain_code TEXT,
    max_amount_wan_cny NUMERIC(16, 4),
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    geometry_quality TEXT,
    position_quality TEXT,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT,
    is_sample BOOLEAN,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB,
    version BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE,
    updated_by TEXT,
    id BIGINT,
    code TEXT,
    name TEXT,
    name_en TEXT,
    county_code TEXT,
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    recorded_during TSTZRANGE NOT NULL,
    recorded_xid xid8 NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_policy_clause_version PRIMARY KEY (version_id)
);

CREATE INDEX ix_policy_clause_version_row ON register.policy_clause_version (county_code, id, recorded_during);

CREATE TABLE register.transport_feature_version (
    kind TEXT,
    status TEXT,
    road_class TEXT,
    route_no TEXT,
    opened_on DATE,
    expected_on DATE,
    length_m NUMERIC(14, 2),
    published_source TEXT,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    geometry_quality TEXT,
    position_quality TEXT,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT,
    is_sample BOOLEAN,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB,
    version BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE,
    updated_by TEXT,
    id BIGINT,
    code TEXT,
    name TEXT,
    name_en TEXT,
    county_code TEXT,
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    recorded_during TSTZRANGE NOT NULL,
    recorded_xid xid8 NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_transport_feature_version PRIMARY KEY (version_id)
);

CREATE INDEX ix_transport_feature_version_row ON register.transport_feature_version (county_code, id, recorded_during);

CREATE TABLE register.planning_control_version (
    kind TEXT,
    plan_name TEXT,
    approval_no TEXT,
    approved_on DATE,
    land_use_code TEXT,
    far_min NUMERIC(6, 3),
    far_max NUMERIC(6, 3),
    density_max_pct NUMERIC(5, 2),
    height_max_m NUMERIC(6, 2),
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    geometry_quality TEXT,
    position_quality TEXT,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT,
    is_sample BOOLEAN,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB,
    version BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE,
    updated_by TEXT,
    id BIGINT,
    code TEXT,
    name TEXT,
    name_en TEXT,
    county_code TEXT,
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    recorded_during TSTZRANGE NOT NULL,
    recorded_xid xid8 NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_planning_control_version PRIMARY KEY (version_id)
);

CREATE INDEX ix_planning_control_version_row ON register.planning_control_version (county_code, id, recorded_during);

CREATE TABLE register.account (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    password_hash TEXT,
    lang TEXT,
    is_active BOOLEAN DEFAULT true NOT NULL,
    is_demo BOOLEAN DEFAULT false NOT NULL,
    password_changed_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_account PRIMARY KEY (id),
    CONSTRAINT ck_account_username CHECK (username ~ '^[a-z0-9][a-z0-9._-]{1,62}$'),
    CONSTRAINT ck_account_lang CHECK (lang in ('zh', 'en')),
    CONSTRAINT uq_account_username UNIQUE (username)
);

COMMENT ON COLUMN register.account.password_hash IS 'argon2id; null = cannot log in with a password';

CREATE TABLE register.login_attempt (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    key_sha256 BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_login_attempt PRIMARY KEY (id)
);

CREATE INDEX ix_login_attempt_key ON register.login_attempt (key_sha256, at);

CREATE TABLE register.fact_kind (
    code TEXT NOT NULL,
    subject_kinds TEXT[] NOT NULL,
    value_type TEXT NOT NULL,
    unit TEXT,
    code_list TEXT,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    meaning TEXT,
    source TEXT,
    is_public BOOLEAN DEFAULT false NOT NULL,
    may_be_future BOOLEAN DEFAULT false NOT NULL,
    sort_no BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_fact_kind PRIMARY KEY (code),
    CONSTRAINT ck_fact_kind_value_type CHECK (value_type in ('date', 'number', 'text', 'code', 'bool')),
    CONSTRAINT ck_fact_kind_code_list CHECK ((value_type = 'code') = (code_list is not null))
);

COMMENT ON COLUMN register.fact_kind.unit IS 'm2, wan_cny, ratio, t ... of a number';

COMMENT ON COLUMN register.fact_kind.code_list IS 'of a value of type code';

COMMENT ON COLUMN register.fact_kind.source IS 'rule id or article that gives it its meaning';

COMMENT ON COLUMN register.fact_kind.is_public IS 'shown to everyone for a published subject';

COMMENT ON COLUMN register.fact_kind.may_be_future IS 'effective_on may lie in the future (an agreed change)';

CREATE TABLE register.county (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    outline geometry(MULTIPOLYGON,4490) NOT NULL,
    survey_srid INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    rule_set TEXT,
    words JSONB DEFAULT '{}'::jsonb NOT NULL,
    public_decimals INTEGER DEFAULT 6 NOT NULL,
    is_default BOOLEAN DEFAULT false NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_county PRIMARY KEY (code),
    CONSTRAINT ck_county_code_syntax CHECK (code is nfc normalized and code ~ '^[^/\\?#%%[:cntrl:]]{1,64}$' and code !~ '(^[. ]|[. ]$|\.pdf$)'),
    CONSTRAINT ck_county_public_decimals CHECK (public_decimals between 2 and 8),
    CONSTRAINT ck_county_outline_valid CHECK (st_isvalid(outline))
);

CREATE INDEX ix_county_outline ON register.county USING gist (outline);

CREATE UNIQUE INDEX uq_county_is_default ON register.county (is_default) WHERE is_default;

COMMENT ON COLUMN register.county.survey_srid IS 'EPSG code of a projected CRS in metres';

COMMENT ON COLUMN register.county.time_zone IS 'IANA name; civil dates are of this zone';

COMMENT ON COLUMN register.county.rule_set IS 'which land rules apply; null = none';

COMMENT ON COLUMN register.county.words IS 'units and words it uses';

CREATE TABLE register.admin_area (
    level TEXT DEFAULT 'town' NOT NULL,
    kind TEXT,
    is_indicative BOOLEAN DEFAULT false NOT NULL,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    tile_geom geometry(GEOMETRY,3857),
    tile_geom_public geometry(GEOMETRY,3857),
    geometry_quality TEXT DEFAULT 'none' NOT NULL,
    position_quality TEXT DEFAULT 'unknown' NOT NULL,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT DEFAULT 'internal' NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB DEFAULT '{}'::jsonb NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    updated_by TEXT DEFAULT '' NOT NULL,
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_admin_area PRIMARY KEY (id),
    CONSTRAINT ck_admin_area_level CHECK (level in ('town', 'village', 'other')),
    CONSTRAINT uq_admin_area_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_admin_area_code_syntax CHECK (code is nfc normalized and code ~ '^[^/\\?#%%[:cntrl:]]{1,64}$' and code !~ '(^[. ]|[. ]$|\.pdf$)'),
    CONSTRAINT ck_admin_area_geometry_quality CHECK (geometry_quality in ('shape', 'point', 'none')),
    CONSTRAINT ck_admin_area_position_quality CHECK (position_quality in ('surveyed', 'digitised', 'approximate', 'demo', 'unknown')),
    CONSTRAINT ck_admin_area_publication_state CHECK (publication_state in ('internal', 'published', 'withdrawn')),
    CONSTRAINT ck_admin_area_geom_valid CHECK (geom is null or (st_isvalid(geom) and not st_isempty(geom)))
);

CREATE INDEX ix_admin_area_tile_geom ON register.admin_area USING gist (tile_geom);

CREATE INDEX ix_admin_area_geom_public ON register.admin_area USING gist (geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_admin_area_geom ON register.admin_area USING gist (geom);

CREATE INDEX ix_admin_area_tile_geom_public ON register.admin_area USING gist (tile_geom_public) WHERE publication_state = 'published';

COMMENT ON COLUMN register.admin_area.level IS 'town, village, other';

COMMENT ON COLUMN register.admin_area.kind IS 'subdistrict, town, township';

COMMENT ON COLUMN register.admin_area.is_indicative IS '示意: the boundary is a sketch, not the approved line (PUB-04)';

COMMENT ON COLUMN register.admin_area.source_code IS 'what a file called it';

COMMENT ON COLUMN register.admin_area.unit_code IS 'the unit that answers for it';

COMMENT ON COLUMN register.admin_area.geometry_quality IS 'what the public sees: shape, point (snapped), none';

COMMENT ON COLUMN register.admin_area.position_quality IS 'surveyed, digitised, approximate, demo, unknown';

COMMENT ON COLUMN register.admin_area.source_srid IS 'EPSG code the geometry came in';

COMMENT ON COLUMN register.admin_area.area_m2 IS 'measured in the county''s survey CRS, m2';

COMMENT ON COLUMN register.admin_area.data_date IS 'the day the content was true at its source';

COMMENT ON COLUMN register.admin_area.extra IS 'further columns of the file it came from';

CREATE TABLE register.unit (
    kind TEXT NOT NULL,
    parent_code TEXT,
    town_code TEXT,
    phone TEXT,
    valid_during DATERANGE DEFAULT '(,)'::daterange NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    updated_by TEXT DEFAULT '' NOT NULL,
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_unit PRIMARY KEY (id),
    CONSTRAINT uq_unit_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_unit_code_syntax CHECK (code is nfc normalized and code ~ '^[^/\\?#%%[:cntrl:]]{1,64}$' and code !~ '(^[. ]|[. ]$|\.pdf$)'),
    CONSTRAINT ck_unit_kind CHECK (kind in ('town', 'park', 'bureau', 'department', 'company', 'liaison_office'))
);

COMMENT ON COLUMN register.unit.phone IS 'office telephone, never a person''s';

CREATE TABLE register.admin_area_version (
    level TEXT,
    kind TEXT,
    is_indicative BOOLEAN,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    geometry_quality TEXT,
    position_quality TEXT,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT,
    is_sample BOOLEAN,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB,
    version BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE,
    updated_by TEXT,
    id BIGINT,
    code TEXT,
    name TEXT,
    name_en TEXT,
    county_code TEXT,
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    recorded_during TSTZRANGE NOT NULL,
    recorded_xid xid8 NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_admin_area_version PRIMARY KEY (version_id)
);

CREATE INDEX ix_admin_area_version_row ON register.admin_area_version (county_code, id, recorded_during);

CREATE TABLE register.unit_version (
    kind TEXT,
    parent_code TEXT,
    town_code TEXT,
    phone TEXT,
    valid_during DATERANGE,
    is_sample BOOLEAN,
    version BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE,
    updated_by TEXT,
    id BIGINT,
    code TEXT,
    name TEXT,
    name_en TEXT,
    county_code TEXT,
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    recorded_during TSTZRANGE NOT NULL,
    recorded_xid xid8 NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_unit_version PRIMARY KEY (version_id)
);

CREATE INDEX ix_unit_version_row ON register.unit_version (county_code, id, recorded_during);

CREATE TABLE register.park_version (
    kind TEXT,
    level TEXT,
    theme TEXT,
    leading_industries TEXT[],
    planned_area_m2 NUMERIC(16, 2),
    built_area_m2 NUMERIC(16, 2),
    construction_area_m2 NUMERIC(16, 2),
    price_guide TEXT,
    contact_desk TEXT,
    description TEXT,
    description_en TEXT,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    geometry_quality TEXT,
    position_quality TEXT,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT,
    is_sample BOOLEAN,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB,
    version BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE,
    updated_by TEXT,
    id BIGINT,
    code TEXT,
    name TEXT,
    name_en TEXT,
    county_code TEXT,
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    recorded_during TSTZRANGE NOT NULL,
    recorded_xid xid8 NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_park_version PRIMARY KEY (version_id)
);

CREATE INDEX ix_park_version_row ON register.park_version (county_code, id, recorded_during);

CREATE TABLE register.parcel_version (
    realm TEXT,
    park_code TEXT,
    cadastral_code TEXT,
    real_estate_unit_code TEXT,
    land_use_code TEXT,
    land_use_std TEXT,
    registered_area_m2 NUMERIC(16, 2),
    far_min NUMERIC(6, 3),
    far_max NUMERIC(6, 3),
    density_min_pct NUMERIC(5, 2),
    density_max_pct NUMERIC(5, 2),
    green_min_pct NUMERIC(5, 2),
    green_max_pct NUMERIC(5, 2),
    height_min_m NUMERIC(6, 2),
    height_max_m NUMERIC(6, 2),
    price_min_wan_cny_per_mu NUMERIC(14, 4),
    price_max_wan_cny_per_mu NUMERIC(14, 4),
    price_negotiable BOOLEAN,
    utilities TEXT[],
    power_kva INTEGER,
    investment_intensity_min_wan_cny_per_mu NUMERIC(14, 4),
    tax_min_wan_cny_per_mu NUMERIC(14, 4),
    energy_max_tce_per_wan_cny NUMERIC(10, 4),
    emission_max_kg_per_wan_cny NUMERIC(10, 4),
    description TEXT,
    description_en TEXT,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    geometry_quality TEXT,
    position_quality TEXT,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT,
    is_sample BOOLEAN,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB,
    version BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE,
    updated_by TEXT,
    id BIGINT,
    code TEXT,
    name TEXT,
    name_en TEXT,
    county_code TEXT,
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    recorded_during TSTZRANGE NOT NULL,
    recorded_xid xid8 NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_parcel_version PRIMARY KEY (version_id)
);

CREATE INDEX ix_parcel_version_row ON register.parcel_version (county_code, id, recorded_during);

CREATE TABLE register.building_version (
    kind TEXT,
    park_code TEXT,
    parcel_code TEXT,
    storeys INTEGER,
    floor_area_m2 NUMERIC(14, 2),
    typical_floor_area_m2 NUMERIC(14, 2),
    min_unit_area_m2 NUMERIC(14, 2),
    height_m NUMERIC(6, 2),
    clear_height_m NUMERIC(6, 2),
    floor_load_t_m2 NUMERIC(6, 2),
    column_grid TEXT,
    crane_t NUMERIC(6, 1),
    power_kva INTEGER,
    fire_class TEXT,
    grade TEXT,
    parking_spaces INTEGER,
    rent_cny_m2_month NUMERIC(10, 2),
    rent_cny_m2_day NUMERIC(10, 2),
    sale_cny_m2 NUMERIC(12, 2),
    built_year INTEGER,
    description TEXT,
    description_en TEXT,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    geometry_quality TEXT,
    position_quality TEXT,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT,
    is_sample BOOLEAN,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB,
    version BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE,
    updated_by TEXT,
    id BIGINT,
    code TEXT,
    name TEXT,
    name_en TEXT,
    county_code TEXT,
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    recorded_during TSTZRANGE NOT NULL,
    recorded_xid xid8 NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_building_version PRIMARY KEY (version_id)
);

CREATE INDEX ix_building_version_row ON register.building_version (county_code, id, recorded_during);

CREATE TABLE register.building_space_version (
    id BIGINT,
    code TEXT,
    building_code TEXT,
    floor INTEGER,
    part_no INTEGER,
    area_m2 NUMERIC(14, 2),
    is_vacant BOOLEAN,
    rent_cny_m2_month NUMERIC(10, 2),
    is_sample BOOLEAN,
    version BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE,
    updated_by TEXT,
    county_code TEXT,
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    recorded_during TSTZRANGE NOT NULL,
    recorded_xid xid8 NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_building_space_version PRIMARY KEY (version_id)
);

CREATE INDEX ix_building_space_version_row ON register.building_space_version (county_code, id, recorded_during);

CREATE TABLE register.project_version (
    chain_code TEXT,
    track TEXT,
    investor_name TEXT,
    origin TEXT,
    total_investment_wan_cny NUMERIC(16, 4),
    land_cost_wan_cny NUMERIC(16, 4),
    tax_fee_wan_cny NUMERIC(16, 4),
    other_investment_wan_cny NUMERIC(16, 4),
    planned_tax_wan_cny NUMERIC(16, 4),
    planned_output_wan_cny NUMERIC(16, 4),
    planned_jobs INTEGER,
    responsible_leader TEXT,
    direct_owner TEXT,
    needs_new_land BOOLEAN,
    description TEXT,
    description_en TEXT,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    geometry_quality TEXT,
    position_quality TEXT,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT,
    is_sample BOOLEAN,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB,
    version BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE,
    updated_by TEXT,
    id BIGINT,
    code TEXT,
    name TEXT,
    name_en TEXT,
    county_code TEXT,
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    recorded_during TSTZRANGE NOT NULL,
    recorded_xid xid8 NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_project_version PRIMARY KEY (version_id)
);

CREATE INDEX ix_project_version_row ON register.project_version (county_code, id, recorded_during);

CREATE TABLE register.enterprise_version (
    credit_code TEXT,
    chain_code TEXT,
    industry_code TEXT,
    industry_std_version TEXT,
    size_class TEXT,
    is_above_scale BOOLEAN,
    park_code TEXT,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    geometry_quality TEXT,
    position_quality TEXT,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT,
    is_sample BOOLEAN,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB,
    version BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE,
    updated_by TEXT,
    id BIGINT,
    code TEXT,
    name TEXT,
    name_en TEXT,
    county_code TEXT,
    version_id BIGINT GENERATED ALWAYS AS IDENTITY,
    recorded_during TSTZRANGE NOT NULL,
    recorded_xid xid8 NOT NULL,
    recorded_by TEXT NOT NULL,
    CONSTRAINT pk_enterprise_version PRIMARY KEY (version_id)
);

CREATE INDEX ix_enterprise_version_row ON register.enterprise_version (county_code, id, recorded_during);

CREATE TABLE register.code_list (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    source TEXT,
    CONSTRAINT pk_code_list PRIMARY KEY (code)
);

CREATE TABLE register.work_calendar (
    calendar TEXT NOT NULL,
    day DATE NOT NULL,
    is_working BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    CONSTRAINT pk_work_calendar PRIMARY KEY (calendar, day)
);

CREATE TABLE register.exchange_rate (
    currency TEXT NOT NULL,
    day DATE NOT NULL,
    cny_per_unit NUMERIC(18, 8) NOT NULL,
    source TEXT NOT NULL,
    CONSTRAINT pk_exchange_rate PRIMARY KEY (currency, day),
    CONSTRAINT ck_exchange_rate_positive CHECK (cny_per_unit > 0)
);

CREATE TABLE register.finding (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    subject_kind TEXT DEFAULT 'parcel' NOT NULL,
    subject_id BIGINT NOT NULL,
    rule_id TEXT NOT NULL,
    rule_version INTEGER NOT NULL,
    as_of DATE NOT NULL,
    holds TEXT NOT NULL,
    result TEXT,
    level TEXT,
    since_on DATE,
    next_on DATE,
    inputs JSONB NOT NULL,
    parameters JSONB NOT NULL,
    missing TEXT[] DEFAULT '{}'::text[] NOT NULL,
    basis TEXT[] DEFAULT '{}'::text[] NOT NULL,
    computed_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_finding PRIMARY KEY (id),
    CONSTRAINT uq_finding_county_code_subject_kind_subject_id_rule_id UNIQUE (county_code, subject_kind, subject_id, rule_id),
    CONSTRAINT ck_finding_holds CHECK (holds in ('yes', 'no', 'unknown', 'not_applicable')),
    CONSTRAINT ck_finding_level CHECK (level in ('INFO', 'YELLOW', 'RED')),
    CONSTRAINT ck_finding_unknown_names_what_is_missing CHECK ((holds = 'unknown') = (cardinality(missing) > 0)),
    CONSTRAINT fk_finding_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_finding_result ON register.finding (county_code, result, level) WHERE holds = 'yes';

COMMENT ON COLUMN register.finding.code IS '<subject code>.<rule id>';

COMMENT ON COLUMN register.finding.result IS 'result code of the rule: SUSPECTED_IDLE, SUPPLIED_NOT_STARTED ...';

COMMENT ON COLUMN register.finding.level IS 'INFO, YELLOW, RED';

COMMENT ON COLUMN register.finding.next_on IS 'the next day on which the answer changes by itself';

COMMENT ON COLUMN register.finding.inputs IS 'facts used, by fact kind';

COMMENT ON COLUMN register.finding.parameters IS 'parameter values used, with their dates';

CREATE TABLE register.policy (
    document_no TEXT,
    issuer TEXT,
    valid_during DATERANGE NOT NULL,
    legal_basis TEXT,
    fair_review_on DATE,
    fair_review_result TEXT DEFAULT 'unreviewed' NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    updated_by TEXT DEFAULT '' NOT NULL,
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_policy PRIMARY KEY (id),
    CONSTRAINT uq_policy_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_policy_fair_review_result CHECK (fair_review_result in ('passed', 'passed_with_exception', 'failed', 'unreviewed')),
    CONSTRAINT fk_policy_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.road_edge (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    from_node BIGINT NOT NULL,
    to_node BIGINT NOT NULL,
    length_m NUMERIC(12, 2) NOT NULL,
    speed_km_h NUMERIC(5, 1) NOT NULL,
    is_oneway BOOLEAN DEFAULT false NOT NULL,
    road_class TEXT,
    status TEXT DEFAULT 'built' NOT NULL,
    geom geometry(LINESTRING,4490) NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_road_edge PRIMARY KEY (id),
    CONSTRAINT uq_road_edge_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_road_edge_measures CHECK (length_m >= 0 and speed_km_h > 0),
    CONSTRAINT ck_road_edge_status CHECK (status in ('built', 'building', 'planned')),
    CONSTRAINT fk_road_edge_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_road_edge_geom ON register.road_edge USING gist (geom);

CREATE TABLE register.control_extent (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    kind TEXT NOT NULL,
    extent geometry(MULTIPOLYGON,4490) NOT NULL,
    data_date DATE NOT NULL,
    version_no INTEGER DEFAULT 1 NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_control_extent PRIMARY KEY (id),
    CONSTRAINT uq_control_extent_county_code_kind_version_no UNIQUE (county_code, kind, version_no),
    CONSTRAINT fk_control_extent_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.account_role (
    account_id BIGINT NOT NULL,
    county_code TEXT DEFAULT '*' NOT NULL,
    role TEXT NOT NULL,
    CONSTRAINT pk_account_role PRIMARY KEY (account_id, county_code, role),
    CONSTRAINT ck_account_role_role CHECK (role in ('admin', 'bureau', 'clerk', 'park', 'planner', 'leader', 'auditor')),
    CONSTRAINT fk_account_role_account_id FOREIGN KEY(account_id) REFERENCES register.account (id) ON DELETE CASCADE
);

CREATE TABLE register.account_unit (
    account_id BIGINT NOT NULL,
    county_code TEXT NOT NULL,
    unit_code TEXT NOT NULL,
    CONSTRAINT pk_account_unit PRIMARY KEY (account_id, county_code, unit_code),
    CONSTRAINT fk_account_unit_account_id FOREIGN KEY(account_id) REFERENCES register.account (id) ON DELETE CASCADE
);

CREATE TABLE register.account_session (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    secret_sha256 BYTEA NOT NULL,
    account_id BIGINT NOT NULL,
    csrf_token TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_account_session PRIMARY KEY (id),
    CONSTRAINT uq_account_session_secret_sha256 UNIQUE (secret_sha256),
    CONSTRAINT fk_account_session_account_id FOREIGN KEY(account_id) REFERENCES register.account (id) ON DELETE CASCADE
);

CREATE INDEX ix_account_session_account ON register.account_session (account_id);

CREATE TABLE register.api_token (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    account_id BIGINT NOT NULL,
    label TEXT NOT NULL,
    secret_sha256 BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    last_used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_api_token PRIMARY KEY (id),
    CONSTRAINT fk_api_token_account_id FOREIGN KEY(account_id) REFERENCES register.account (id) ON DELETE CASCADE,
    CONSTRAINT uq_api_token_secret_sha256 UNIQUE (secret_sha256)
);

CREATE TABLE register.stored_file (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    sha256 BYTEA NOT NULL,
    byte_size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    file_name TEXT NOT NULL,
    role TEXT NOT NULL,
    audience TEXT DEFAULT 'staff' NOT NULL,
    storage TEXT DEFAULT 'database' NOT NULL,
    object_key TEXT,
    subject_kind TEXT,
    subject_id BIGINT,
    taken_on DATE,
    author TEXT,
    place TEXT,
    licence TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    created_by TEXT DEFAULT '' NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_stored_file PRIMARY KEY (id),
    CONSTRAINT ck_stored_file_sha256_length CHECK (length(sha256) = 32),
    CONSTRAINT ck_stored_file_audience CHECK (audience in ('public', 'staff')),
    CONSTRAINT ck_stored_file_storage CHECK ((storage = 's3') = (object_key is not null)),
    CONSTRAINT fk_stored_file_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_stored_file_subject ON register.stored_file (county_code, subject_kind, subject_id);

COMMENT ON COLUMN register.stored_file.role IS 'photo, panorama, plan, upload, rejects, report, scan';

CREATE TABLE register.field_confirmation (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    field TEXT NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    confirmed_by TEXT DEFAULT '' NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_field_confirmation PRIMARY KEY (id),
    CONSTRAINT ck_field_confirmation_subject_kind CHECK (subject_kind in ('parcel', 'building', 'project', 'enterprise', 'park', 'park_work', 'unit', 'policy_clause')),
    CONSTRAINT fk_field_confirmation_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_field_confirmation_subject ON register.field_confirmation (county_code, subject_kind, subject_id, confirmed_at);

COMMENT ON COLUMN register.field_confirmation.field IS 'a column or fact kind; ''*'' = all';

CREATE TABLE register.unit_successor (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    unit_code TEXT NOT NULL,
    successor_code TEXT NOT NULL,
    effective_on DATE NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_unit_successor PRIMARY KEY (id),
    CONSTRAINT uq_unit_successor_county_code_unit_code_successor_code UNIQUE (county_code, unit_code, successor_code),
    CONSTRAINT ck_unit_successor_not_itself CHECK (unit_code <> successor_code),
    CONSTRAINT fk_unit_successor_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_unit_successor_county_code_successor_code FOREIGN KEY(county_code, successor_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_unit_successor_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.person (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    unit_code TEXT NOT NULL,
    duty TEXT,
    phone TEXT,
    account_id BIGINT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT uq_person_county_code_code UNIQUE (county_code, code),
    CONSTRAINT fk_person_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_person_account_id FOREIGN KEY(account_id) REFERENCES register.account (id) ON DELETE SET NULL,
    CONSTRAINT fk_person_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.quota (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    amount NUMERIC(18, 4) NOT NULL,
    valid_during DATERANGE NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_quota PRIMARY KEY (id),
    CONSTRAINT uq_quota_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_quota_not_negative CHECK (amount >= 0),
    CONSTRAINT fk_quota_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.change_proposal (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    base_version BIGINT NOT NULL,
    change JSONB NOT NULL,
    reason TEXT,
    proposed_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    proposed_by TEXT DEFAULT '' NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by TEXT,
    decision TEXT,
    decision_reason TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_change_proposal PRIMARY KEY (id),
    CONSTRAINT ck_change_proposal_decision CHECK (decision in ('accepted', 'refused', 'withdrawn')),
    CONSTRAINT ck_change_proposal_second_pair_of_eyes CHECK (decided_by is distinct from proposed_by or decision = 'withdrawn'),
    CONSTRAINT fk_change_proposal_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.chain (
    kind TEXT DEFAULT 'chain' NOT NULL,
    is_confirmed BOOLEAN DEFAULT true NOT NULL,
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_chain PRIMARY KEY (id),
    CONSTRAINT uq_chain_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_chain_kind CHECK (kind in ('chain', 'sector')),
    CONSTRAINT fk_chain_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

COMMENT ON COLUMN register.chain.is_confirmed IS 'false: [verify] in domain.md 0.4';

CREATE TABLE register.code_value (
    list_code TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    parent_code TEXT,
    sort_no INTEGER DEFAULT 0 NOT NULL,
    note TEXT,
    source TEXT,
    CONSTRAINT pk_code_value PRIMARY KEY (list_code, code),
    CONSTRAINT fk_code_value_list_code FOREIGN KEY(list_code) REFERENCES register.code_list (code)
);

CREATE TABLE register.parameter (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    key TEXT NOT NULL,
    county_code TEXT,
    effective_on DATE NOT NULL,
    value_num NUMERIC NOT NULL,
    value_den NUMERIC DEFAULT 1 NOT NULL,
    unit TEXT NOT NULL,
    citation TEXT NOT NULL,
    confidence TEXT NOT NULL,
    reviewed_on DATE,
    CONSTRAINT pk_parameter PRIMARY KEY (id),
    CONSTRAINT ck_parameter_denominator_positive CHECK (value_den > 0),
    CONSTRAINT ck_parameter_confidence CHECK (confidence in ('law', 'likely', 'verify', 'default', 'example')),
    CONSTRAINT fk_parameter_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE UNIQUE INDEX uq_parameter_key ON register.parameter (key, coalesce(county_code, ''), effective_on);

COMMENT ON COLUMN register.parameter.county_code IS 'null = everywhere';

COMMENT ON COLUMN register.parameter.value_num IS 'numerator of an exact value (GEN-06)';

CREATE TABLE register.data_source (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    county_code TEXT,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    publisher TEXT,
    licence TEXT,
    attribution TEXT,
    url TEXT,
    retrieved_on DATE,
    data_date DATE,
    known_faults TEXT,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_data_source PRIMARY KEY (id),
    CONSTRAINT fk_data_source_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE UNIQUE INDEX uq_data_source_code ON register.data_source (coalesce(county_code, ''), code);

CREATE TABLE register.name_alias (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    county_code TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    alias TEXT NOT NULL,
    pinyin TEXT,
    initials TEXT,
    kind TEXT DEFAULT 'alias' NOT NULL,
    CONSTRAINT pk_name_alias PRIMARY KEY (id),
    CONSTRAINT uq_name_alias_county_code_subject_kind_subject_id_alias UNIQUE (county_code, subject_kind, subject_id, alias),
    CONSTRAINT fk_name_alias_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_name_alias_alias ON register.name_alias USING gin (alias gin_trgm_ops);

CREATE TABLE register.import_batch (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    collection TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_sha256 BYTEA,
    stored_file_id BIGINT,
    rejects_file_id BIGINT,
    state TEXT DEFAULT 'queued' NOT NULL,
    options JSONB DEFAULT '{}'::jsonb NOT NULL,
    guesses JSONB DEFAULT '{}'::jsonb NOT NULL,
    report JSONB DEFAULT '{}'::jsonb NOT NULL,
    progress JSONB DEFAULT '{}'::jsonb NOT NULL,
    undoes_batch_id BIGINT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    created_by TEXT DEFAULT '' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    heartbeat_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_import_batch PRIMARY KEY (id),
    CONSTRAINT ck_import_batch_state CHECK (state in ('queued', 'running', 'applied', 'applied_with_rejects', 'nothing_applied', 'failed', 'undone')),
    CONSTRAINT fk_import_batch_stored_file_id FOREIGN KEY(stored_file_id) REFERENCES register.stored_file (id),
    CONSTRAINT fk_import_batch_rejects_file_id FOREIGN KEY(rejects_file_id) REFERENCES register.stored_file (id),
    CONSTRAINT fk_import_batch_undoes_batch_id FOREIGN KEY(undoes_batch_id) REFERENCES register.import_batch (id),
    CONSTRAINT fk_import_batch_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE UNIQUE INDEX uq_import_batch_undoes ON register.import_batch (undoes_batch_id) WHERE undoes_batch_id is not null and state <> 'failed';

CREATE INDEX ix_import_batch_county ON register.import_batch (county_code, id);

COMMENT ON COLUMN register.import_batch.guesses IS 'CRS, encoding, columns, and the evidence for each';

COMMENT ON COLUMN register.import_batch.progress IS 'step, done, total';

CREATE TABLE register.policy_clause (
    policy_code TEXT NOT NULL,
    clause_no TEXT NOT NULL,
    kind TEXT DEFAULT 'other' NOT NULL,
    summary TEXT,
    summary_en TEXT,
    chain_code TEXT,
    max_amount_wan_cny NUMERIC(16, 4),
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    tile_geom geometry(GEOMETRY,3857),
    tile_geom_public geometry(GEOMETRY,3857),
    geometry_quality TEXT DEFAULT 'none' NOT NULL,
    position_quality TEXT DEFAULT 'unknown' NOT NULL,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT DEFAULT 'internal' NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB DEFAULT '{}'::jsonb NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    updated_by TEXT DEFAULT '' NOT NULL,
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_policy_clause PRIMARY KEY (id),
    CONSTRAINT fk_policy_clause_county_code_policy_code FOREIGN KEY(county_code, policy_code) REFERENCES register.policy (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_policy_clause_county_code_chain_code FOREIGN KEY(county_code, chain_code) REFERENCES register.chain (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT uq_policy_clause_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_policy_clause_code_syntax CHECK (code is nfc normalized and code ~ '^[^/\\?#%%[:cntrl:]]{1,64}$' and code !~ '(^[. ]|[. ]$|\.pdf$)'),
    CONSTRAINT ck_policy_clause_geometry_quality CHECK (geometry_quality in ('shape', 'point', 'none')),
    CONSTRAINT ck_policy_clause_position_quality CHECK (position_quality in ('surveyed', 'digitised', 'approximate', 'demo', 'unknown')),
    CONSTRAINT ck_policy_clause_publication_state CHECK (publication_state in ('internal', 'published', 'withdrawn')),
    CONSTRAINT ck_policy_clause_geom_valid CHECK (geom is null or (st_isvalid(geom) and not st_isempty(geom))),
    CONSTRAINT fk_policy_clause_county_code_town_code FOREIGN KEY(county_code, town_code) REFERENCES register.admin_area (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_policy_clause_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_policy_clause_data_source_id FOREIGN KEY(data_source_id) REFERENCES register.data_source (id),
    CONSTRAINT fk_policy_clause_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_policy_clause_tile_geom ON register.policy_clause USING gist (tile_geom);

CREATE INDEX ix_policy_clause_tile_geom_public ON register.policy_clause USING gist (tile_geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_policy_clause_geom ON register.policy_clause USING gist (geom);

CREATE INDEX ix_policy_clause_geom_public ON register.policy_clause USING gist (geom_public) WHERE publication_state = 'published';

COMMENT ON COLUMN register.policy_clause.kind IS 'land, tax, subsidy, rent, talent, service, other';

COMMENT ON COLUMN register.policy_clause.source_code IS 'what a file called it';

COMMENT ON COLUMN register.policy_clause.unit_code IS 'the unit that answers for it';

COMMENT ON COLUMN register.policy_clause.geometry_quality IS 'what the public sees: shape, point (snapped), none';

COMMENT ON COLUMN register.policy_clause.position_quality IS 'surveyed, digitised, approximate, demo, unknown';

COMMENT ON COLUMN register.policy_clause.source_srid IS 'EPSG code the geometry came in';

COMMENT ON COLUMN register.policy_clause.area_m2 IS 'measured in the county''s survey CRS, m2';

COMMENT ON COLUMN register.policy_clause.data_date IS 'the day the content was true at its source';

COMMENT ON COLUMN register.policy_clause.extra IS 'further columns of the file it came from';

CREATE TABLE register.transport_feature (
    kind TEXT NOT NULL,
    status TEXT DEFAULT 'built' NOT NULL,
    road_class TEXT,
    route_no TEXT,
    opened_on DATE,
    expected_on DATE,
    length_m NUMERIC(14, 2),
    published_source TEXT,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    tile_geom geometry(GEOMETRY,3857),
    tile_geom_public geometry(GEOMETRY,3857),
    geometry_quality TEXT DEFAULT 'none' NOT NULL,
    position_quality TEXT DEFAULT 'unknown' NOT NULL,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT DEFAULT 'internal' NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB DEFAULT '{}'::jsonb NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    updated_by TEXT DEFAULT '' NOT NULL,
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_transport_feature PRIMARY KEY (id),
    CONSTRAINT ck_transport_feature_kind CHECK (kind in ('expressway', 'ramp', 'road', 'rail', 'station', 'port', 'berth', 'airport', 'ferry', 'bridge')),
    CONSTRAINT ck_transport_feature_status CHECK (status in ('built', 'building', 'planned')),
    CONSTRAINT uq_transport_feature_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_transport_feature_code_syntax CHECK (code is nfc normalized and code ~ '^[^/\\?#%%[:cntrl:]]{1,64}$' and code !~ '(^[. ]|[. ]$|\.pdf$)'),
    CONSTRAINT ck_transport_feature_geometry_quality CHECK (geometry_quality in ('shape', 'point', 'none')),
    CONSTRAINT ck_transport_feature_position_quality CHECK (position_quality in ('surveyed', 'digitised', 'approximate', 'demo', 'unknown')),
    CONSTRAINT ck_transport_feature_publication_state CHECK (publication_state in ('internal', 'published', 'withdrawn')),
    CONSTRAINT ck_transport_feature_geom_valid CHECK (geom is null or (st_isvalid(geom) and not st_isempty(geom))),
    CONSTRAINT fk_transport_feature_county_code_town_code FOREIGN KEY(county_code, town_code) REFERENCES register.admin_area (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_transport_feature_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_transport_feature_data_source_id FOREIGN KEY(data_source_id) REFERENCES register.data_source (id),
    CONSTRAINT fk_transport_feature_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_transport_feature_geom ON register.transport_feature USING gist (geom);

CREATE INDEX ix_transport_feature_geom_public ON register.transport_feature USING gist (geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_transport_feature_tile_geom ON register.transport_feature USING gist (tile_geom);

CREATE INDEX ix_transport_feature_tile_geom_public ON register.transport_feature USING gist (tile_geom_public) WHERE publication_state = 'published';

COMMENT ON COLUMN register.transport_feature.road_class IS 'expressway, national, provincial, county, town, street';

COMMENT ON COLUMN register.transport_feature.length_m IS 'measured in the survey CRS';

COMMENT ON COLUMN register.transport_feature.published_source IS 'PUB-07: where a guarded attribute was published';

COMMENT ON COLUMN register.transport_feature.source_code IS 'what a file called it';

COMMENT ON COLUMN register.transport_feature.unit_code IS 'the unit that answers for it';

COMMENT ON COLUMN register.transport_feature.geometry_quality IS 'what the public sees: shape, point (snapped), none';

COMMENT ON COLUMN register.transport_feature.position_quality IS 'surveyed, digitised, approximate, demo, unknown';

COMMENT ON COLUMN register.transport_feature.source_srid IS 'EPSG code the geometry came in';

COMMENT ON COLUMN register.transport_feature.area_m2 IS 'measured in the county''s survey CRS, m2';

COMMENT ON COLUMN register.transport_feature.data_date IS 'the day the content was true at its source';

COMMENT ON COLUMN register.transport_feature.extra IS 'further columns of the file it came from';

CREATE TABLE register.planning_control (
    kind TEXT NOT NULL,
    plan_name TEXT,
    approval_no TEXT,
    approved_on DATE,
    land_use_code TEXT,
    far_min NUMERIC(6, 3),
    far_max NUMERIC(6, 3),
    density_max_pct NUMERIC(5, 2),
    height_max_m NUMERIC(6, 2),
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    tile_geom geometry(GEOMETRY,3857),
    tile_geom_public geometry(GEOMETRY,3857),
    geometry_quality TEXT DEFAULT 'none' NOT NULL,
    position_quality TEXT DEFAULT 'unknown' NOT NULL,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT DEFAULT 'internal' NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB DEFAULT '{}'::jsonb NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    updated_by TEXT DEFAULT '' NOT NULL,
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_planning_control PRIMARY KEY (id),
    CONSTRAINT ck_planning_control_never_public CHECK (publication_state = 'internal'),
    CONSTRAINT uq_planning_control_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_planning_control_code_syntax CHECK (code is nfc normalized and code ~ '^[^/\\?#%%[:cntrl:]]{1,64}$' and code !~ '(^[. ]|[. ]$|\.pdf$)'),
    CONSTRAINT ck_planning_control_geometry_quality CHECK (geometry_quality in ('shape', 'point', 'none')),
    CONSTRAINT ck_planning_control_position_quality CHECK (position_quality in ('surveyed', 'digitised', 'approximate', 'demo', 'unknown')),
    CONSTRAINT ck_planning_control_publication_state CHECK (publication_state in ('internal', 'published', 'withdrawn')),
    CONSTRAINT ck_planning_control_geom_valid CHECK (geom is null or (st_isvalid(geom) and not st_isempty(geom))),
    CONSTRAINT fk_planning_control_county_code_town_code FOREIGN KEY(county_code, town_code) REFERENCES register.admin_area (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_planning_control_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_planning_control_data_source_id FOREIGN KEY(data_source_id) REFERENCES register.data_source (id),
    CONSTRAINT fk_planning_control_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_planning_control_geom_public ON register.planning_control USING gist (geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_planning_control_tile_geom ON register.planning_control USING gist (tile_geom);

CREATE INDEX ix_planning_control_tile_geom_public ON register.planning_control USING gist (tile_geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_planning_control_geom ON register.planning_control USING gist (geom);

CREATE INDEX ix_planning_control_kind ON register.planning_control (county_code, kind);

COMMENT ON COLUMN register.planning_control.kind IS 'code list `control_kind`: PBF, ERL, UDB, DCP, ICL, ...';

COMMENT ON COLUMN register.planning_control.source_code IS 'what a file called it';

COMMENT ON COLUMN register.planning_control.unit_code IS 'the unit that answers for it';

COMMENT ON COLUMN register.planning_control.geometry_quality IS 'what the public sees: shape, point (snapped), none';

COMMENT ON COLUMN register.planning_control.position_quality IS 'surveyed, digitised, approximate, demo, unknown';

COMMENT ON COLUMN register.planning_control.source_srid IS 'EPSG code the geometry came in';

COMMENT ON COLUMN register.planning_control.area_m2 IS 'measured in the county''s survey CRS, m2';

COMMENT ON COLUMN register.planning_control.data_date IS 'the day the content was true at its source';

COMMENT ON COLUMN register.planning_control.extra IS 'further columns of the file it came from';

CREATE TABLE register.document (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    document_no TEXT NOT NULL,
    kind TEXT DEFAULT 'other' NOT NULL,
    title TEXT,
    issued_on DATE,
    issuer TEXT,
    stored_file_id BIGINT,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_document PRIMARY KEY (id),
    CONSTRAINT uq_document_county_code_document_no UNIQUE (county_code, document_no),
    CONSTRAINT fk_document_stored_file_id FOREIGN KEY(stored_file_id) REFERENCES register.stored_file (id),
    CONSTRAINT fk_document_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.stored_file_chunk (
    stored_file_id BIGINT NOT NULL,
    chunk_no INTEGER NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_stored_file_chunk PRIMARY KEY (stored_file_id, chunk_no),
    CONSTRAINT ck_stored_file_chunk_chunk_size CHECK (length(content) <= 262144),
    CONSTRAINT fk_stored_file_chunk_stored_file_id FOREIGN KEY(stored_file_id) REFERENCES register.stored_file (id) ON DELETE CASCADE
);

CREATE TABLE register.park (
    kind TEXT NOT NULL,
    level TEXT,
    theme TEXT,
    leading_industries TEXT[],
    planned_area_m2 NUMERIC(16, 2),
    built_area_m2 NUMERIC(16, 2),
    construction_area_m2 NUMERIC(16, 2),
    price_guide TEXT,
    contact_desk TEXT,
    description TEXT,
    description_en TEXT,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    tile_geom geometry(GEOMETRY,3857),
    tile_geom_public geometry(GEOMETRY,3857),
    geometry_quality TEXT DEFAULT 'none' NOT NULL,
    position_quality TEXT DEFAULT 'unknown' NOT NULL,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT DEFAULT 'internal' NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB DEFAULT '{}'::jsonb NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    updated_by TEXT DEFAULT '' NOT NULL,
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_park PRIMARY KEY (id),
    CONSTRAINT ck_park_kind CHECK (kind in ('development_zone', 'industrial_park', 'innovation_base', 'featured_town')),
    CONSTRAINT uq_park_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_park_code_syntax CHECK (code is nfc normalized and code ~ '^[^/\\?#%%[:cntrl:]]{1,64}$' and code !~ '(^[. ]|[. ]$|\.pdf$)'),
    CONSTRAINT ck_park_geometry_quality CHECK (geometry_quality in ('shape', 'point', 'none')),
    CONSTRAINT ck_park_position_quality CHECK (position_quality in ('surveyed', 'digitised', 'approximate', 'demo', 'unknown')),
    CONSTRAINT ck_park_publication_state CHECK (publication_state in ('internal', 'published', 'withdrawn')),
    CONSTRAINT ck_park_geom_valid CHECK (geom is null or (st_isvalid(geom) and not st_isempty(geom))),
    CONSTRAINT fk_park_county_code_town_code FOREIGN KEY(county_code, town_code) REFERENCES register.admin_area (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_park_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_park_data_source_id FOREIGN KEY(data_source_id) REFERENCES register.data_source (id),
    CONSTRAINT fk_park_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_park_tile_geom_public ON register.park USING gist (tile_geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_park_geom_public ON register.park USING gist (geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_park_geom ON register.park USING gist (geom);

CREATE INDEX ix_park_tile_geom ON register.park USING gist (tile_geom);

COMMENT ON COLUMN register.park.level IS 'national, provincial, county';

COMMENT ON COLUMN register.park.contact_desk IS 'office, never a person';

COMMENT ON COLUMN register.park.source_code IS 'what a file called it';

COMMENT ON COLUMN register.park.unit_code IS 'the unit that answers for it';

COMMENT ON COLUMN register.park.geometry_quality IS 'what the public sees: shape, point (snapped), none';

COMMENT ON COLUMN register.park.position_quality IS 'surveyed, digitised, approximate, demo, unknown';

COMMENT ON COLUMN register.park.source_srid IS 'EPSG code the geometry came in';

COMMENT ON COLUMN register.park.area_m2 IS 'measured in the county''s survey CRS, m2';

COMMENT ON COLUMN register.park.data_date IS 'the day the content was true at its source';

COMMENT ON COLUMN register.park.extra IS 'further columns of the file it came from';

CREATE TABLE register.project (
    chain_code TEXT,
    track TEXT,
    investor_name TEXT,
    origin TEXT,
    total_investment_wan_cny NUMERIC(16, 4),
    land_cost_wan_cny NUMERIC(16, 4),
    tax_fee_wan_cny NUMERIC(16, 4),
    other_investment_wan_cny NUMERIC(16, 4),
    planned_tax_wan_cny NUMERIC(16, 4),
    planned_output_wan_cny NUMERIC(16, 4),
    planned_jobs INTEGER,
    responsible_leader TEXT,
    direct_owner TEXT,
    needs_new_land BOOLEAN,
    description TEXT,
    description_en TEXT,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    tile_geom geometry(GEOMETRY,3857),
    tile_geom_public geometry(GEOMETRY,3857),
    geometry_quality TEXT DEFAULT 'none' NOT NULL,
    position_quality TEXT DEFAULT 'unknown' NOT NULL,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT DEFAULT 'internal' NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB DEFAULT '{}'::jsonb NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    updated_by TEXT DEFAULT '' NOT NULL,
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_project PRIMARY KEY (id),
    CONSTRAINT ck_project_investment_not_negative CHECK (total_investment_wan_cny >= 0),
    CONSTRAINT fk_project_county_code_chain_code FOREIGN KEY(county_code, chain_code) REFERENCES register.chain (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT uq_project_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_project_code_syntax CHECK (code is nfc normalized and code ~ '^[^/\\?#%%[:cntrl:]]{1,64}$' and code !~ '(^[. ]|[. ]$|\.pdf$)'),
    CONSTRAINT ck_project_geometry_quality CHECK (geometry_quality in ('shape', 'point', 'none')),
    CONSTRAINT ck_project_position_quality CHECK (position_quality in ('surveyed', 'digitised', 'approximate', 'demo', 'unknown')),
    CONSTRAINT ck_project_publication_state CHECK (publication_state in ('internal', 'published', 'withdrawn')),
    CONSTRAINT ck_project_geom_valid CHECK (geom is null or (st_isvalid(geom) and not st_isempty(geom))),
    CONSTRAINT fk_project_county_code_town_code FOREIGN KEY(county_code, town_code) REFERENCES register.admin_area (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_project_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_project_data_source_id FOREIGN KEY(data_source_id) REFERENCES register.data_source (id),
    CONSTRAINT fk_project_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_project_geom ON register.project USING gist (geom);

CREATE INDEX ix_project_tile_geom_public ON register.project USING gist (tile_geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_project_geom_public ON register.project USING gist (geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_project_tile_geom ON register.project USING gist (tile_geom);

COMMENT ON COLUMN register.project.track IS 'manufacturing, services, agriculture, tourism, trade';

COMMENT ON COLUMN register.project.land_cost_wan_cny IS 'apart: IDLE-04 excludes it, IND-06 not';

COMMENT ON COLUMN register.project.source_code IS 'what a file called it';

COMMENT ON COLUMN register.project.unit_code IS 'the unit that answers for it';

COMMENT ON COLUMN register.project.geometry_quality IS 'what the public sees: shape, point (snapped), none';

COMMENT ON COLUMN register.project.position_quality IS 'surveyed, digitised, approximate, demo, unknown';

COMMENT ON COLUMN register.project.source_srid IS 'EPSG code the geometry came in';

COMMENT ON COLUMN register.project.area_m2 IS 'measured in the county''s survey CRS, m2';

COMMENT ON COLUMN register.project.data_date IS 'the day the content was true at its source';

COMMENT ON COLUMN register.project.extra IS 'further columns of the file it came from';

CREATE TABLE register.import_row (
    import_batch_id BIGINT NOT NULL,
    row_no BIGINT NOT NULL,
    action TEXT NOT NULL,
    code TEXT,
    subject_id BIGINT,
    version_after BIGINT,
    before JSONB,
    field TEXT,
    reason_code TEXT,
    reason TEXT,
    repairs JSONB,
    CONSTRAINT pk_import_row PRIMARY KEY (import_batch_id, row_no),
    CONSTRAINT ck_import_row_action CHECK (action in ('inserted', 'updated', 'unchanged', 'rejected', 'removed', 'restored', 'kept')),
    CONSTRAINT ck_import_row_rejected_says_why CHECK ((action = 'rejected') = (reason_code is not null) or action = 'kept'),
    CONSTRAINT fk_import_row_import_batch_id FOREIGN KEY(import_batch_id) REFERENCES register.import_batch (id) ON DELETE CASCADE
);

COMMENT ON COLUMN register.import_row.row_no IS '1 = the first row of the file';

CREATE TABLE register.fact (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    value_date DATE,
    value_number NUMERIC,
    value_text TEXT,
    value_bool BOOLEAN,
    effective_on DATE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT register.recording_instant() NOT NULL,
    recorded_by TEXT DEFAULT '' NOT NULL,
    document_id BIGINT,
    document_no TEXT,
    note TEXT,
    retracts_fact_id BIGINT,
    import_batch_id BIGINT,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_fact PRIMARY KEY (id),
    CONSTRAINT ck_fact_subject_kind CHECK (subject_kind in ('parcel', 'building', 'project', 'enterprise', 'park', 'park_work', 'unit', 'policy_clause')),
    CONSTRAINT ck_fact_one_value CHECK (num_nonnulls(value_date, value_number, value_text, value_bool) = 1 or (retracts_fact_id is not null and num_nonnulls(value_date, value_number, value_text, value_bool) = 0)),
    CONSTRAINT fk_fact_kind FOREIGN KEY(kind) REFERENCES register.fact_kind (code),
    CONSTRAINT fk_fact_document_id FOREIGN KEY(document_id) REFERENCES register.document (id),
    CONSTRAINT fk_fact_retracts_fact_id FOREIGN KEY(retracts_fact_id) REFERENCES register.fact (id),
    CONSTRAINT fk_fact_import_batch_id FOREIGN KEY(import_batch_id) REFERENCES register.import_batch (id),
    CONSTRAINT fk_fact_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_fact_recorded_at ON register.fact (county_code, recorded_at);

CREATE UNIQUE INDEX uq_fact_retracts ON register.fact (retracts_fact_id) WHERE retracts_fact_id is not null;

CREATE INDEX ix_fact_subject ON register.fact (county_code, subject_kind, subject_id, kind, effective_on);

COMMENT ON COLUMN register.fact.value_text IS 'also of type code';

CREATE TABLE register.project_state (
    project_id BIGINT NOT NULL,
    stage TEXT,
    stage_since_on DATE,
    signed_on DATE,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_project_state PRIMARY KEY (project_id),
    CONSTRAINT fk_project_state_project_id FOREIGN KEY(project_id) REFERENCES register.project (id) ON DELETE CASCADE,
    CONSTRAINT fk_project_state_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.promise (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    part_no INTEGER DEFAULT 0 NOT NULL,
    project_code TEXT,
    holder TEXT,
    during DATERANGE NOT NULL,
    reason TEXT,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    made_by TEXT DEFAULT '' NOT NULL,
    released_at TIMESTAMP WITH TIME ZONE,
    released_by TEXT,
    version BIGINT DEFAULT 1 NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_promise PRIMARY KEY (id),
    CONSTRAINT ck_promise_kind CHECK (kind in ('hold', 'reserve', 'commit')),
    CONSTRAINT ck_promise_subject_kind CHECK (subject_kind in ('parcel', 'building_space')),
    CONSTRAINT ck_promise_during_not_empty CHECK (not isempty(during)),
    CONSTRAINT fk_promise_county_code_project_code FOREIGN KEY(county_code, project_code) REFERENCES register.project (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ex_promise_once EXCLUDE USING gist (county_code WITH =, subject_kind WITH =, subject_id WITH =, part_no WITH =, during WITH &&) WHERE (released_at is null),
    CONSTRAINT fk_promise_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

COMMENT ON COLUMN register.promise.part_no IS '0 = the whole';

CREATE TABLE register.quota_use (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    quota_code TEXT NOT NULL,
    project_code TEXT,
    amount NUMERIC(18, 4) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    made_by TEXT DEFAULT '' NOT NULL,
    released_at TIMESTAMP WITH TIME ZONE,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_quota_use PRIMARY KEY (id),
    CONSTRAINT ck_quota_use_positive CHECK (amount > 0),
    CONSTRAINT fk_quota_use_county_code_quota_code FOREIGN KEY(county_code, quota_code) REFERENCES register.quota (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_quota_use_county_code_project_code FOREIGN KEY(county_code, project_code) REFERENCES register.project (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_quota_use_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.park_work (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    park_code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    kind TEXT NOT NULL,
    planned_start_on DATE,
    planned_end_on DATE,
    started_on DATE,
    finished_on DATE,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_park_work PRIMARY KEY (id),
    CONSTRAINT uq_park_work_county_code_code UNIQUE (county_code, code),
    CONSTRAINT fk_park_work_county_code_park_code FOREIGN KEY(county_code, park_code) REFERENCES register.park (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_park_work_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

COMMENT ON COLUMN register.park_work.kind IS 'road, power, water, gas, sewage, telecom, heat, drainage, levelling, other';

CREATE TABLE register.parcel (
    realm TEXT DEFAULT 'land' NOT NULL,
    park_code TEXT,
    cadastral_code TEXT,
    real_estate_unit_code TEXT,
    land_use_code TEXT,
    land_use_std TEXT,
    registered_area_m2 NUMERIC(16, 2),
    far_min NUMERIC(6, 3),
    far_max NUMERIC(6, 3),
    density_min_pct NUMERIC(5, 2),
    density_max_pct NUMERIC(5, 2),
    green_min_pct NUMERIC(5, 2),
    green_max_pct NUMERIC(5, 2),
    height_min_m NUMERIC(6, 2),
    height_max_m NUMERIC(6, 2),
    price_min_wan_cny_per_mu NUMERIC(14, 4),
    price_max_wan_cny_per_mu NUMERIC(14, 4),
    price_negotiable BOOLEAN DEFAULT false NOT NULL,
    utilities TEXT[],
    power_kva INTEGER,
    investment_intensity_min_wan_cny_per_mu NUMERIC(14, 4),
    tax_min_wan_cny_per_mu NUMERIC(14, 4),
    energy_max_tce_per_wan_cny NUMERIC(10, 4),
    emission_max_kg_per_wan_cny NUMERIC(10, 4),
    description TEXT,
    description_en TEXT,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    tile_geom geometry(GEOMETRY,3857),
    tile_geom_public geometry(GEOMETRY,3857),
    geometry_quality TEXT DEFAULT 'none' NOT NULL,
    position_quality TEXT DEFAULT 'unknown' NOT NULL,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT DEFAULT 'internal' NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB DEFAULT '{}'::jsonb NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    updated_by TEXT DEFAULT '' NOT NULL,
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_parcel PRIMARY KEY (id),
    CONSTRAINT ck_parcel_realm CHECK (realm in ('land', 'sea')),
    CONSTRAINT ck_parcel_geom_type CHECK (geom is null or geometrytype(geom) = 'MULTIPOLYGON'),
    CONSTRAINT ck_parcel_registered_area_positive CHECK (registered_area_m2 > 0),
    CONSTRAINT ck_parcel_cadastral_code CHECK (cadastral_code ~ '^\d{12}[GJZ][A-HSWXY]\d{5}$'),
    CONSTRAINT ck_parcel_far_order CHECK (far_min <= far_max),
    CONSTRAINT ck_parcel_density_order CHECK (density_min_pct <= density_max_pct),
    CONSTRAINT ck_parcel_green_order CHECK (green_min_pct <= green_max_pct),
    CONSTRAINT ck_parcel_height_order CHECK (height_min_m <= height_max_m),
    CONSTRAINT ck_parcel_price_order CHECK (price_min_wan_cny_per_mu <= price_max_wan_cny_per_mu),
    CONSTRAINT fk_parcel_county_code_park_code FOREIGN KEY(county_code, park_code) REFERENCES register.park (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT uq_parcel_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_parcel_code_syntax CHECK (code is nfc normalized and code ~ '^[^/\\?#%%[:cntrl:]]{1,64}$' and code !~ '(^[. ]|[. ]$|\.pdf$)'),
    CONSTRAINT ck_parcel_geometry_quality CHECK (geometry_quality in ('shape', 'point', 'none')),
    CONSTRAINT ck_parcel_position_quality CHECK (position_quality in ('surveyed', 'digitised', 'approximate', 'demo', 'unknown')),
    CONSTRAINT ck_parcel_publication_state CHECK (publication_state in ('internal', 'published', 'withdrawn')),
    CONSTRAINT ck_parcel_geom_valid CHECK (geom is null or (st_isvalid(geom) and not st_isempty(geom))),
    CONSTRAINT fk_parcel_county_code_town_code FOREIGN KEY(county_code, town_code) REFERENCES register.admin_area (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_parcel_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_parcel_data_source_id FOREIGN KEY(data_source_id) REFERENCES register.data_source (id),
    CONSTRAINT fk_parcel_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_parcel_tile_geom_public ON register.parcel USING gist (tile_geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_parcel_geom ON register.parcel USING gist (geom);

CREATE INDEX ix_parcel_unit ON register.parcel (county_code, unit_code);

CREATE INDEX ix_parcel_geom_public ON register.parcel USING gist (geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_parcel_park ON register.parcel (county_code, park_code);

CREATE INDEX ix_parcel_tile_geom ON register.parcel USING gist (tile_geom);

COMMENT ON COLUMN register.parcel.cadastral_code IS '宗地代码, 19 characters (CODE-02)';

COMMENT ON COLUMN register.parcel.real_estate_unit_code IS '不动产单元号, 28 characters (CODE-03)';

COMMENT ON COLUMN register.parcel.land_use_std IS 'the classification the code is of';

COMMENT ON COLUMN register.parcel.registered_area_m2 IS 'the legal area (GEO-08)';

COMMENT ON COLUMN register.parcel.price_min_wan_cny_per_mu IS 'public price range';

COMMENT ON COLUMN register.parcel.price_negotiable IS '面议';

COMMENT ON COLUMN register.parcel.utilities IS '九通一平: codes of code list `utility`';

COMMENT ON COLUMN register.parcel.source_code IS 'what a file called it';

COMMENT ON COLUMN register.parcel.unit_code IS 'the unit that answers for it';

COMMENT ON COLUMN register.parcel.geometry_quality IS 'what the public sees: shape, point (snapped), none';

COMMENT ON COLUMN register.parcel.position_quality IS 'surveyed, digitised, approximate, demo, unknown';

COMMENT ON COLUMN register.parcel.source_srid IS 'EPSG code the geometry came in';

COMMENT ON COLUMN register.parcel.area_m2 IS 'measured in the county''s survey CRS, m2';

COMMENT ON COLUMN register.parcel.data_date IS 'the day the content was true at its source';

COMMENT ON COLUMN register.parcel.extra IS 'further columns of the file it came from';

CREATE TABLE register.project_stage (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    project_code TEXT NOT NULL,
    stage TEXT NOT NULL,
    during DATERANGE NOT NULL,
    evidence TEXT,
    reason TEXT,
    recorded_by TEXT DEFAULT '' NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_project_stage PRIMARY KEY (id),
    CONSTRAINT fk_project_stage_county_code_project_code FOREIGN KEY(county_code, project_code) REFERENCES register.project (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_project_stage_during_not_empty CHECK (not isempty(during)),
    CONSTRAINT fk_project_stage_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.project_unit_share (
    project_code TEXT NOT NULL,
    unit_code TEXT NOT NULL,
    share NUMERIC(9, 8) NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_project_unit_share PRIMARY KEY (county_code, project_code, unit_code),
    CONSTRAINT ck_project_unit_share_share CHECK (share > 0 and share <= 1),
    CONSTRAINT fk_project_unit_share_county_code_project_code FOREIGN KEY(county_code, project_code) REFERENCES register.project (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_project_unit_share_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_project_unit_share_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.enterprise (
    credit_code TEXT,
    chain_code TEXT,
    industry_code TEXT,
    industry_std_version TEXT,
    size_class TEXT,
    is_above_scale BOOLEAN,
    park_code TEXT,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    tile_geom geometry(GEOMETRY,3857),
    tile_geom_public geometry(GEOMETRY,3857),
    geometry_quality TEXT DEFAULT 'none' NOT NULL,
    position_quality TEXT DEFAULT 'unknown' NOT NULL,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT DEFAULT 'internal' NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB DEFAULT '{}'::jsonb NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    updated_by TEXT DEFAULT '' NOT NULL,
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_enterprise PRIMARY KEY (id),
    CONSTRAINT ck_enterprise_geom_type CHECK (geom is null or geometrytype(geom) = 'POINT'),
    CONSTRAINT fk_enterprise_county_code_chain_code FOREIGN KEY(county_code, chain_code) REFERENCES register.chain (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_enterprise_county_code_park_code FOREIGN KEY(county_code, park_code) REFERENCES register.park (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT uq_enterprise_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_enterprise_code_syntax CHECK (code is nfc normalized and code ~ '^[^/\\?#%%[:cntrl:]]{1,64}$' and code !~ '(^[. ]|[. ]$|\.pdf$)'),
    CONSTRAINT ck_enterprise_geometry_quality CHECK (geometry_quality in ('shape', 'point', 'none')),
    CONSTRAINT ck_enterprise_position_quality CHECK (position_quality in ('surveyed', 'digitised', 'approximate', 'demo', 'unknown')),
    CONSTRAINT ck_enterprise_publication_state CHECK (publication_state in ('internal', 'published', 'withdrawn')),
    CONSTRAINT ck_enterprise_geom_valid CHECK (geom is null or (st_isvalid(geom) and not st_isempty(geom))),
    CONSTRAINT fk_enterprise_county_code_town_code FOREIGN KEY(county_code, town_code) REFERENCES register.admin_area (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_enterprise_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_enterprise_data_source_id FOREIGN KEY(data_source_id) REFERENCES register.data_source (id),
    CONSTRAINT fk_enterprise_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_enterprise_geom_public ON register.enterprise USING gist (geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_enterprise_tile_geom ON register.enterprise USING gist (tile_geom);

CREATE INDEX ix_enterprise_geom ON register.enterprise USING gist (geom);

CREATE INDEX ix_enterprise_tile_geom_public ON register.enterprise USING gist (tile_geom_public) WHERE publication_state = 'published';

COMMENT ON COLUMN register.enterprise.credit_code IS '统一社会信用代码 (CODE-05)';

COMMENT ON COLUMN register.enterprise.size_class IS 'large, medium, small, micro';

COMMENT ON COLUMN register.enterprise.is_above_scale IS '规上';

COMMENT ON COLUMN register.enterprise.source_code IS 'what a file called it';

COMMENT ON COLUMN register.enterprise.unit_code IS 'the unit that answers for it';

COMMENT ON COLUMN register.enterprise.geometry_quality IS 'what the public sees: shape, point (snapped), none';

COMMENT ON COLUMN register.enterprise.position_quality IS 'surveyed, digitised, approximate, demo, unknown';

COMMENT ON COLUMN register.enterprise.source_srid IS 'EPSG code the geometry came in';

COMMENT ON COLUMN register.enterprise.area_m2 IS 'measured in the county''s survey CRS, m2';

COMMENT ON COLUMN register.enterprise.data_date IS 'the day the content was true at its source';

COMMENT ON COLUMN register.enterprise.extra IS 'further columns of the file it came from';

CREATE TABLE register.idle_case (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    parcel_id BIGINT NOT NULL,
    state TEXT DEFAULT 'SUSPECTED' NOT NULL,
    limb TEXT,
    cause TEXT,
    is_disputed BOOLEAN DEFAULT false NOT NULL,
    opened_on DATE NOT NULL,
    closed_on DATE,
    version BIGINT DEFAULT 1 NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_idle_case PRIMARY KEY (id),
    CONSTRAINT uq_idle_case_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_idle_case_limb CHECK (limb in ('A', 'B')),
    CONSTRAINT ck_idle_case_cause CHECK (cause in ('OWNER', 'GOVERNMENT', 'FORCE_MAJEURE', 'UNKNOWN')),
    CONSTRAINT fk_idle_case_parcel_id FOREIGN KEY(parcel_id) REFERENCES register.parcel (id),
    CONSTRAINT fk_idle_case_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.problem (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    category TEXT NOT NULL,
    state TEXT DEFAULT 'FOUND' NOT NULL,
    project_code TEXT,
    parcel_code TEXT,
    description TEXT NOT NULL,
    found_on DATE NOT NULL,
    due_on DATE,
    unit_code TEXT,
    result TEXT,
    satisfaction INTEGER,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    created_by TEXT DEFAULT '' NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_problem PRIMARY KEY (id),
    CONSTRAINT uq_problem_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_problem_state CHECK (state in ('FOUND', 'TRIAGED', 'ASSIGNED', 'IN_PROGRESS', 'COORDINATION', 'RESOLVED', 'VERIFIED', 'CLOSED', 'REOPENED')),
    CONSTRAINT ck_problem_satisfaction CHECK (satisfaction between 1 and 5),
    CONSTRAINT fk_problem_county_code_project_code FOREIGN KEY(county_code, project_code) REFERENCES register.project (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_problem_county_code_parcel_code FOREIGN KEY(county_code, parcel_code) REFERENCES register.parcel (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_problem_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_problem_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.parcel_state (
    parcel_id BIGINT NOT NULL,
    status TEXT,
    stage TEXT,
    approved_on DATE,
    supply_method TEXT,
    contract_on DATE,
    land_price_wan_cny NUMERIC,
    agreed_delivery_on DATE,
    delivered_on DATE,
    agreed_start_on DATE,
    started_on DATE,
    suspended_since_on DATE,
    agreed_completion_on DATE,
    completed_on DATE,
    agreed_production_on DATE,
    produced_on DATE,
    agreed_capacity_on DATE,
    delay_cause TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_parcel_state PRIMARY KEY (parcel_id),
    CONSTRAINT fk_parcel_state_parcel_id FOREIGN KEY(parcel_id) REFERENCES register.parcel (id) ON DELETE CASCADE,
    CONSTRAINT fk_parcel_state_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_parcel_state_status ON register.parcel_state (county_code, status);

COMMENT ON COLUMN register.parcel_state.stage IS '批/供/用/建/投: approved, supplied, started, built, producing';

CREATE TABLE register.building (
    kind TEXT NOT NULL,
    park_code TEXT,
    parcel_code TEXT,
    storeys INTEGER,
    floor_area_m2 NUMERIC(14, 2),
    typical_floor_area_m2 NUMERIC(14, 2),
    min_unit_area_m2 NUMERIC(14, 2),
    height_m NUMERIC(6, 2),
    clear_height_m NUMERIC(6, 2),
    floor_load_t_m2 NUMERIC(6, 2),
    column_grid TEXT,
    crane_t NUMERIC(6, 1),
    power_kva INTEGER,
    fire_class TEXT,
    grade TEXT,
    parking_spaces INTEGER,
    rent_cny_m2_month NUMERIC(10, 2),
    rent_cny_m2_day NUMERIC(10, 2),
    sale_cny_m2 NUMERIC(12, 2),
    built_year INTEGER,
    description TEXT,
    description_en TEXT,
    source_code TEXT,
    town_code TEXT,
    unit_code TEXT,
    geom geometry(GEOMETRY,4490),
    geom_public geometry(GEOMETRY,4490),
    tile_geom geometry(GEOMETRY,3857),
    tile_geom_public geometry(GEOMETRY,3857),
    geometry_quality TEXT DEFAULT 'none' NOT NULL,
    position_quality TEXT DEFAULT 'unknown' NOT NULL,
    source_srid INTEGER,
    area_m2 NUMERIC(16, 2),
    publication_state TEXT DEFAULT 'internal' NOT NULL,
    is_sample BOOLEAN DEFAULT false NOT NULL,
    data_source_id BIGINT,
    data_date DATE,
    extra JSONB DEFAULT '{}'::jsonb NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    updated_by TEXT DEFAULT '' NOT NULL,
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_building PRIMARY KEY (id),
    CONSTRAINT ck_building_kind CHECK (kind in ('factory', 'office')),
    CONSTRAINT ck_building_floor_area_positive CHECK (floor_area_m2 > 0),
    CONSTRAINT fk_building_county_code_park_code FOREIGN KEY(county_code, park_code) REFERENCES register.park (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_building_county_code_parcel_code FOREIGN KEY(county_code, parcel_code) REFERENCES register.parcel (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT uq_building_county_code_code UNIQUE (county_code, code),
    CONSTRAINT ck_building_code_syntax CHECK (code is nfc normalized and code ~ '^[^/\\?#%%[:cntrl:]]{1,64}$' and code !~ '(^[. ]|[. ]$|\.pdf$)'),
    CONSTRAINT ck_building_geometry_quality CHECK (geometry_quality in ('shape', 'point', 'none')),
    CONSTRAINT ck_building_position_quality CHECK (position_quality in ('surveyed', 'digitised', 'approximate', 'demo', 'unknown')),
    CONSTRAINT ck_building_publication_state CHECK (publication_state in ('internal', 'published', 'withdrawn')),
    CONSTRAINT ck_building_geom_valid CHECK (geom is null or (st_isvalid(geom) and not st_isempty(geom))),
    CONSTRAINT fk_building_county_code_town_code FOREIGN KEY(county_code, town_code) REFERENCES register.admin_area (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_building_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_building_data_source_id FOREIGN KEY(data_source_id) REFERENCES register.data_source (id),
    CONSTRAINT fk_building_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE INDEX ix_building_geom ON register.building USING gist (geom);

CREATE INDEX ix_building_tile_geom_public ON register.building USING gist (tile_geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_building_geom_public ON register.building USING gist (geom_public) WHERE publication_state = 'published';

CREATE INDEX ix_building_tile_geom ON register.building USING gist (tile_geom);

COMMENT ON COLUMN register.building.grade IS 'offices: A, B, C';

COMMENT ON COLUMN register.building.rent_cny_m2_month IS 'factories (UNIT-04)';

COMMENT ON COLUMN register.building.rent_cny_m2_day IS 'offices (UNIT-04)';

COMMENT ON COLUMN register.building.source_code IS 'what a file called it';

COMMENT ON COLUMN register.building.unit_code IS 'the unit that answers for it';

COMMENT ON COLUMN register.building.geometry_quality IS 'what the public sees: shape, point (snapped), none';

COMMENT ON COLUMN register.building.position_quality IS 'surveyed, digitised, approximate, demo, unknown';

COMMENT ON COLUMN register.building.source_srid IS 'EPSG code the geometry came in';

COMMENT ON COLUMN register.building.area_m2 IS 'measured in the county''s survey CRS, m2';

COMMENT ON COLUMN register.building.data_date IS 'the day the content was true at its source';

COMMENT ON COLUMN register.building.extra IS 'further columns of the file it came from';

CREATE TABLE register.parcel_chain (
    parcel_code TEXT NOT NULL,
    chain_code TEXT NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_parcel_chain PRIMARY KEY (county_code, parcel_code, chain_code),
    CONSTRAINT fk_parcel_chain_county_code_parcel_code FOREIGN KEY(county_code, parcel_code) REFERENCES register.parcel (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_parcel_chain_county_code_chain_code FOREIGN KEY(county_code, chain_code) REFERENCES register.chain (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_parcel_chain_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.project_parcel (
    project_code TEXT NOT NULL,
    parcel_code TEXT NOT NULL,
    during DATERANGE DEFAULT '(,)'::daterange NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_project_parcel PRIMARY KEY (county_code, project_code, parcel_code),
    CONSTRAINT fk_project_parcel_county_code_project_code FOREIGN KEY(county_code, project_code) REFERENCES register.project (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_project_parcel_county_code_parcel_code FOREIGN KEY(county_code, parcel_code) REFERENCES register.parcel (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_project_parcel_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.enterprise_year (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    enterprise_code TEXT NOT NULL,
    year INTEGER NOT NULL,
    revision INTEGER DEFAULT 1 NOT NULL,
    output_wan_cny NUMERIC(16, 4),
    revenue_wan_cny NUMERIC(16, 4),
    value_added_wan_cny NUMERIC(16, 4),
    tax_wan_cny NUMERIC(16, 4),
    rd_wan_cny NUMERIC(16, 4),
    energy_tce NUMERIC(16, 4),
    emission_kg NUMERIC(16, 4),
    employees INTEGER,
    mu_grade TEXT,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_enterprise_year PRIMARY KEY (id),
    CONSTRAINT uq_enterprise_year_county_code_enterprise_code_year_revision UNIQUE (county_code, enterprise_code, year, revision),
    CONSTRAINT ck_enterprise_year_mu_grade CHECK (mu_grade in ('A', 'B', 'C', 'D')),
    CONSTRAINT fk_enterprise_year_county_code_enterprise_code FOREIGN KEY(county_code, enterprise_code) REFERENCES register.enterprise (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_enterprise_year_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.idle_case_event (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    idle_case_id BIGINT NOT NULL,
    event TEXT NOT NULL,
    to_state TEXT NOT NULL,
    happened_on DATE NOT NULL,
    document_id BIGINT,
    note TEXT,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    recorded_by TEXT DEFAULT '' NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_idle_case_event PRIMARY KEY (id),
    CONSTRAINT fk_idle_case_event_idle_case_id FOREIGN KEY(idle_case_id) REFERENCES register.idle_case (id),
    CONSTRAINT fk_idle_case_event_document_id FOREIGN KEY(document_id) REFERENCES register.document (id),
    CONSTRAINT fk_idle_case_event_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.building_state (
    building_id BIGINT NOT NULL,
    status TEXT,
    vacant_area_m2 NUMERIC,
    completed_on DATE,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_building_state PRIMARY KEY (building_id),
    CONSTRAINT fk_building_state_building_id FOREIGN KEY(building_id) REFERENCES register.building (id) ON DELETE CASCADE,
    CONSTRAINT fk_building_state_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.building_space (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    code TEXT NOT NULL,
    building_code TEXT NOT NULL,
    floor INTEGER NOT NULL,
    part_no INTEGER DEFAULT 0 NOT NULL,
    area_m2 NUMERIC(14, 2) NOT NULL,
    is_vacant BOOLEAN,
    rent_cny_m2_month NUMERIC(10, 2),
    is_sample BOOLEAN DEFAULT false NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    updated_by TEXT DEFAULT '' NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_building_space PRIMARY KEY (id),
    CONSTRAINT uq_building_space_county_code_code UNIQUE (county_code, code),
    CONSTRAINT uq_building_space_county_code_building_code_floor_part_no UNIQUE (county_code, building_code, floor, part_no),
    CONSTRAINT ck_building_space_area_positive CHECK (area_m2 > 0),
    CONSTRAINT fk_building_space_county_code_building_code FOREIGN KEY(county_code, building_code) REFERENCES register.building (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_building_space_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

COMMENT ON COLUMN register.building_space.part_no IS '0 = the whole floor';

COMMENT ON COLUMN register.building_space.is_vacant IS 'null = unknown';

CREATE TABLE register.building_chain (
    building_code TEXT NOT NULL,
    chain_code TEXT NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_building_chain PRIMARY KEY (county_code, building_code, chain_code),
    CONSTRAINT fk_building_chain_county_code_building_code FOREIGN KEY(county_code, building_code) REFERENCES register.building (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_building_chain_county_code_chain_code FOREIGN KEY(county_code, chain_code) REFERENCES register.chain (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_building_chain_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.project_building (
    project_code TEXT NOT NULL,
    building_code TEXT NOT NULL,
    during DATERANGE DEFAULT '(,)'::daterange NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_project_building PRIMARY KEY (county_code, project_code, building_code),
    CONSTRAINT fk_project_building_county_code_project_code FOREIGN KEY(county_code, project_code) REFERENCES register.project (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_project_building_county_code_building_code FOREIGN KEY(county_code, building_code) REFERENCES register.building (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_project_building_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

CREATE TABLE register.enterprise_site (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    enterprise_code TEXT NOT NULL,
    parcel_code TEXT,
    building_code TEXT,
    tenure TEXT DEFAULT 'owned' NOT NULL,
    area_m2 NUMERIC(14, 2),
    during DATERANGE DEFAULT '(,)'::daterange NOT NULL,
    county_code TEXT NOT NULL,
    CONSTRAINT pk_enterprise_site PRIMARY KEY (id),
    CONSTRAINT ck_enterprise_site_tenure CHECK (tenure in ('owned', 'rented_in', 'rented_out')),
    CONSTRAINT ck_enterprise_site_somewhere CHECK (num_nonnulls(parcel_code, building_code) >= 1),
    CONSTRAINT fk_enterprise_site_county_code_enterprise_code FOREIGN KEY(county_code, enterprise_code) REFERENCES register.enterprise (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_enterprise_site_county_code_parcel_code FOREIGN KEY(county_code, parcel_code) REFERENCES register.parcel (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_enterprise_site_county_code_building_code FOREIGN KEY(county_code, building_code) REFERENCES register.building (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_enterprise_site_county_code FOREIGN KEY(county_code) REFERENCES register.county (code)
);

ALTER TABLE register.unit ADD CONSTRAINT fk_unit_county_code FOREIGN KEY(county_code) REFERENCES register.county (code);

ALTER TABLE register.admin_area ADD CONSTRAINT fk_admin_area_county_code_unit_code FOREIGN KEY(county_code, unit_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE register.admin_area ADD CONSTRAINT fk_admin_area_data_source_id FOREIGN KEY(data_source_id) REFERENCES register.data_source (id);

ALTER TABLE register.unit ADD CONSTRAINT fk_unit_county_code_parent_code FOREIGN KEY(county_code, parent_code) REFERENCES register.unit (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE register.admin_area ADD CONSTRAINT fk_admin_area_county_code_town_code FOREIGN KEY(county_code, town_code) REFERENCES register.admin_area (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE register.admin_area ADD CONSTRAINT fk_admin_area_county_code FOREIGN KEY(county_code) REFERENCES register.county (code);

ALTER TABLE register.unit ADD CONSTRAINT fk_unit_county_code_town_code FOREIGN KEY(county_code, town_code) REFERENCES register.admin_area (county_code, code) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
