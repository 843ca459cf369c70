"""`make bench`: the product beside raw SQL and beside its peers, on a county of ROWS parcels made by arithmetic."""
