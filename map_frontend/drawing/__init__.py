"""Pictures the server draws itself: maps as SVG, share pictures as PNG, pages to take away as PDF, small diagrams."""
