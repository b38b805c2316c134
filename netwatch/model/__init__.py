"""The frozen types that every room speaks. Imports nothing of netwatch.

Two units of time are used everywhere: *monotonic* seconds inside the engines, and *steady* seconds
everywhere else: Unix time at the start of the process plus monotonic time elapsed since. Steady time
never steps, so that durations are right and minutes have one length whatever happens to the clock.
"""
