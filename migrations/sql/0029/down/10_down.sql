-- As it was before 0029: what the first screen asks of all parcels is worked out each time.

drop view open_data.parcel_briefs, staff_data.parcel_briefs, open_data.parcel_facets, staff_data.parcel_facets;
drop function register.set_tile_detail(text, text, text, int, bigint, int);
drop function register.follow_cells(text, text, bigint[]);
drop function register.fold_cells();
alter function register.set_cells_and_extent(text, text, text, int, bigint, int) rename to set_tile_detail;
alter function register.follow_cells_and_extent(text, text, bigint[]) rename to follow_cells;
alter function register.fold_tile_cells() rename to fold_cells;
grant execute on function register.set_tile_detail(text, text, text, int, bigint, int), register.fold_cells() to yzt_admin;
drop function register.follow_briefs(text, bigint[]);
drop function register.set_briefs(text, text, boolean);
drop function register.facets_of(register.parcel_brief);
drop function register.parcel_briefs(text, text, bigint[]);
drop table register.parcel_brief, register.parcel_facet;
