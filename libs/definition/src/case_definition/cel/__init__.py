"""Rules in CEL: compiled once, limited in what they may read and compute."""
