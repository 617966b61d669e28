"""Pure: from entries and what is known to events."""
