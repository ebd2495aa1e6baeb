"""Attacks on the whole site, each tried on every address."""
