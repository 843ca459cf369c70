"""A finding explains itself: one object, the same in the API, on a page, in the map's drawer and in an export."""
