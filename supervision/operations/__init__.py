"""What those who run the system do with it: back up, restore, change keys."""
