"""One step each; a step is never changed once a log may have taken it."""
