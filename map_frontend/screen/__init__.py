"""The state of the map's screen: which things, which filters, in which order; read from the address, said in words, asked of the data."""
