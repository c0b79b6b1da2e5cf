"""Examples: `ruleid` marks what a rule finds, `ok` what it leaves alone."""

# ruff: noqa
# ruleid: no-text-past-the-escaping
shown = Markup(name)
# ok: no-text-past-the-escaping
shown = escape(name)
