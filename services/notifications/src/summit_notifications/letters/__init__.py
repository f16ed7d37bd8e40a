"""Letters: one folder each, with the subject and what is said; and how they are put into words in six languages.

A letter's `body.jinja` is written once and rendered twice, with the text pen and with the HTML pen (`pens/`), so that both
parts of a mail cannot say different things.
"""
