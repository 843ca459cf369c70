-- As it was before 0028: nobody knows the box a collection lies in.

drop view open_data.tile_extents;
drop view staff_data.tile_extents;
drop function register.set_tile_detail(text, text, text, int, bigint, int);
drop function register.follow_cells(text, text, bigint[]);
alter function register.set_tile_cells(text, text, text, int, bigint, int) rename to set_tile_detail;
alter function register.follow_cell_counts(text, text, bigint[]) rename to follow_cells;
grant execute on function register.set_tile_detail(text, text, text, int, bigint, int) to yzt_admin;
drop function register.extent_of_things(text, text, text, bigint[]);
drop index register.ix_parcel_unplaced;
drop index register.ix_parcel_unplaced_public;
drop index register.ix_building_unplaced;
drop index register.ix_building_unplaced_public;
drop table register.tile_extent;
