"""Who is there: session cookies for people, personal tokens for programs."""
