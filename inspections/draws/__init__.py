"""Plans and verifiable double-random draws (HY-31, DR): rolls, announcement, witnesses, tickets,
publication.
"""
