"""How each kind of checkpoint is judged: points and pairs, intervals, calls, activities.

A judge keeps, for one person and day, no more than the best evidence so far, so that files of any size and
any order of lines give the same verdicts in memory bounded by the roster.
"""
