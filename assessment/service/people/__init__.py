"""Who may do what: rights, accounts, signing in, and what is kept from whom."""
