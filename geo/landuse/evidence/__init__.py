"""What footprints say of a plot: coverage, built plot ratio, the land left over and the largest rectangle in it."""
