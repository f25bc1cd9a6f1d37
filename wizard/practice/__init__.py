"""The practice cloud: a local Azure on loopback that the same SDK calls talk to. Imports nothing else of wizard."""
