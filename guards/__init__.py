"""Verdicts: checks, the policy, the rail that runs a stage, flags and their reviews. Imports only the ground."""
