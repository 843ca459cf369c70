"""The county: land, law, database. Knows no HTTP and no HTML."""
