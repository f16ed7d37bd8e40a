"""One full and one minimal example of every fact: what the golden messages, the documents and other systems' tests show.

A module per owner holds `EXAMPLES`: the fact's class to (full, minimal). Full gives every optional field a value; minimal
gives none. They tell one story, Kenya and Rwanda at UNCOPS 2022, and name no living person.
"""
