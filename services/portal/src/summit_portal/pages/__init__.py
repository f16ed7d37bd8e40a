"""Pages, one folder for each area: what everybody may see, what a delegation does, what the secretariat does. They never meet."""
