"""Numbers that cross nouns, “as of” a day; reads only. Every screen, export and message takes them from here."""
