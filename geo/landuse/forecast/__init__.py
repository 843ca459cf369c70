"""What becomes overdue on the days to come if nothing happens: rows by day, and a calendar."""
