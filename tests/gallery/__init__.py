"""A gallery of project shapes as people have them, each read by the wizard and held against what is true of it by construction.

``python -m tests.gallery [COUNT]`` prints how many were read right, asked about, and refused.
"""
