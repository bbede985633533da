"""Floor 3: dossiers, events, terms and the one door by which a dossier moves."""
