"""The stock of land that waits, on screen: /desk/land and what hangs on it."""
