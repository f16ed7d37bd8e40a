"""The adapter behind the `Solver` port: OR-tools in a process of its own."""
