"""How much land waits, by class and by whom, and for want of which facts nobody can say."""
