"""Floor 1: working-day and calendar-day arithmetic over an editable year table."""
