"""The case that follows a lead: its machine (data), its steps (a ledger), its deadlines; overrides of leads."""
