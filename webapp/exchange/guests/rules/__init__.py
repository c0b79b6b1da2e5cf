"""Pure decisions about guest lists, in the order in which a file passes them.

`tables` (bytes to rows), `sources` and `words` (what headers mean), `matching` (columns to fields),
`checking` (rows to guests), `comparing` (guests to those already on the list).
"""
