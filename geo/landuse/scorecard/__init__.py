"""How a park does: its land, what its firms yield per mu, and whether its infrastructure is on time."""
