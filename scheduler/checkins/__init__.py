"""Check-ins: evidence that offices already hold, judged against the roster.

    evidence files → evidence/ (one reader a source) → people → kinds/ (one judge a checkpoint) → Verdict → report/

What cannot be proven from a file is "unprovable", never "missing"; flags are for review, never punishment.
"""
