"""Pages of the law: the catalogue, the numbers an authority sets, and the calendar of working days."""
