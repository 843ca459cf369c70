"""From an empty machine to a virtual environment that can run the product. Standard library only."""
