"""From gaps to a plan: which measures, in what order, when, and why then.

`network` is what is planned, `tasks` makes it, `schedule` places tasks one by one. `solver` finds the best
plan: `parts` takes apart what shares nothing, `model` writes a part down for HiGHS, `search` looks for its
best. `reasons` and `chain` tell why each stands where it stands, `simulation` how sure that is, `plan` puts
these together.
"""
