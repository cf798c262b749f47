"""Tasks, needs, resources and goals -> the best schedule, proven. Knows nothing of what the tasks are for.

`network` is what is scheduled, `schedule` places tasks one by one. `solver` finds the best schedule: `parts`
takes apart what shares nothing, `model` writes a part down for HiGHS, `search` looks for its best in
`relaxation`, tightened with `cuts`.
"""
