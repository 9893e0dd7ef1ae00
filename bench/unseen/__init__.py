"""
Invented failures that the engine's knowledge was not written for: a set of cases in the form of recorded ones.

`python -m bench.unseen FOLDER` writes it; a story (stories/*.py) is one failure, an application (*applications.py) where it happens.
Nothing here reads the engine's knowledge, and nobody who writes that knowledge reads the stories of the half that is kept.
"""
