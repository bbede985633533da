"""An invented city in which the whole system can be tried: `manage.py demo`.

Places are those of Heyuan, so that regions read true; every person, institution and number is made up. The same seed
gives the same city. Matters are played through the real steps, at earlier moments, so all of it could have happened.
"""
