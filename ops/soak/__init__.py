"""`make soak`: two processes of the product under mixed load for a while; says what grew, what was stale, what failed."""
