"""Registration: who is invited, who comes, whom they wish to meet."""
