"""What is to happen in the province, and when: YAML that people read, and the values that it comes to.

`story` has the values, `nodes` and `reading` make them of YAML and tell every mistake with its line,
`selecting` finds what a step is about in a plan, `shipped` lists the scripts that come with netwatch.
"""
