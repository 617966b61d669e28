"""Which items make a feed, a digest, an issue of a briefing, a list of changes: pure decisions, nothing rendered.

- `weeks`: ISO weeks, their bounds in a zone, when a briefing of one is due.
- `feeds`: our feeds and the list of them (`entries`); what a digest takes.
- `issue`: one issue of a briefing, who stands where, under which number, quoted how (`quotes`).
- `differences`: a word diff of two texts, what changed in a sentence and as passages (`pairs`, `align`).
"""
