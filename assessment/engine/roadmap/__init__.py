"""From gaps to a plan: which measures, in what order, when, and why then.

`tasks` makes the tasks and their links, `schedule` places them one by one, `solver` finds the best plan
exactly, `reasons` tells why each stands where it stands, `plan` puts these together.
"""
