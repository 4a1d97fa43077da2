"""The whole conference on a fast clock, against the real bot as a process of its own.

Actors (an iterable of acts at conference times) do things on a stage, which keeps the record of what was asked and what
came of it; the driver takes the clock from act to act and holds it while anything is in flight; at the end promises
are held against the record. A new part of the bot joins with a module of actors and with promises of its own.
"""
