"""The commands, by what a person is about: starting, playing, watching, mending, preparing.

Each function loads what it needs when it is called, so that `summit --help` answers at once.
"""
