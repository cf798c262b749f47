"""From gaps to a plan: which measures, in what order, when, and why then.

`problem` says what there is to plan, `plan` plans it. `why` and `chain` tell why each measure stands where it
stands, `simulation` how sure that is, `contradictions` and `hand_over` what cannot be, `what_if` how two
plans differ.
"""
